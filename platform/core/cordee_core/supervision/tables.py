"""Tables of supervision, ethics consultation and conferences."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Date, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class SupervisionSession(TenantTable, tablename="supervision_sessions", rights="SELECT, INSERT"):
    """A supervisor met those who are supervised."""

    supervisor_id = UUID(default=None)
    held_on = Date(default=None)
    recorded_at = Timestamptz(default=None)
    recorded_by = UUID(default=None)


class Participant(TenantTable, tablename="supervision_participants", rights="SELECT, INSERT"):
    """A member who took part in a session."""

    session_id = UUID(default=None)
    member_id = UUID(default=None)


class Point(TenantTable, tablename="supervision_points", rights="SELECT, INSERT"):
    """What was discussed in a session, about which case, and the action agreed."""

    session_id = UUID(default=None)
    case_id = UUID(default=None, null=True)
    discussed = Text(default=None)
    action = Text(default=None, null=True)
    member_id = UUID(default=None, null=True)
    due_on = Date(default=None, null=True)


class EthicsConsultation(TenantTable, tablename="ethics_consultations"):
    """A question of conscience put to advisers, without saying of whom."""

    case_id = UUID(default=None, null=True)
    asked_by = UUID(default=None)
    question = Text(default=None)
    asked_at = Timestamptz(default=None)
    decision = Text(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    row_version = BigInt(default=1)


class EthicsAdvice(TenantTable, tablename="ethics_advices"):
    """An adviser of a consultation and, once given, the advice."""

    consultation_id = UUID(default=None)
    member_id = UUID(default=None)
    advice = Text(default=None, null=True)
    advised_at = Timestamptz(default=None, null=True)


class Conference(TenantTable, tablename="conferences"):
    """Those around a case meet: agenda, and whether the person is invited."""

    case_id = UUID(default=None)
    starts_at = Timestamptz(default=None)
    agenda = Array(base_column=Text(), default=list)
    person_invited = Boolean(default=None)
    not_invited_reason = Text(default=None, null=True)
    called_at = Timestamptz(default=None)
    called_by = UUID(default=None)
    held_at = Timestamptz(default=None, null=True)
    row_version = BigInt(default=1)


class Attendee(TenantTable, tablename="conference_attendees", rights="SELECT, INSERT"):
    """Who was expected at a conference: a member, or by name somebody of elsewhere."""

    conference_id = UUID(default=None)
    case_id = UUID(default=None)
    member_id = UUID(default=None, null=True)
    name = Text(default=None)
    organisation = Text(default=None, null=True)
    attended = Boolean(default=None)
    dissent = Text(default=None, null=True)


class ConferenceDecision(TenantTable, tablename="conference_decisions", rights="SELECT, INSERT"):
    """What a conference decided: who does what by when, and the action or obligation it became."""

    conference_id = UUID(default=None)
    case_id = UUID(default=None)
    decision = Text(default=None)
    member_id = UUID(default=None)
    due_on = Date(default=None)
    action_id = UUID(default=None, null=True)
    obligation_id = UUID(default=None, null=True)
