"""Closed vocabularies of the API: what the core calls ``team_member`` is ``TEAM_MEMBER`` here.

The values are the core's own words: `Stage(row["stage"])` reads, `stage.value` writes.
"""

from enum import Enum

import strawberry


@strawberry.enum(description="A language in which every text exists.")
class Language(Enum):
    """ISO 639-1 codes."""

    EN = "en"
    FR = "fr"


@strawberry.enum(description="A role: a set of permissions.")
class Role(Enum):
    """The six roles as shipped."""

    ADMIN = strawberry.enum_value("admin", description="Runs the organisation; no personal record.")
    SUPERVISOR = strawberry.enum_value(
        "supervisor", description="A referent who also designates referents and adapts programmes."
    )
    REFERENT = strawberry.enum_value("referent", description="Leads cases: decides, moves, refers.")
    TEAM_MEMBER = strawberry.enum_value(
        "team_member", description="Works on cases: registers, opens, notes, assesses."
    )
    READER = strawberry.enum_value("reader", description="Reads.")
    PERSON = strawberry.enum_value(
        "person", description="The person whom cases are about: own records only."
    )


@strawberry.enum(description="Whether somebody belongs to the organisation.")
class MemberStatus(Enum):
    """States of a membership."""

    ACTIVE = "active"
    LEFT = "left"


@strawberry.enum(description="Sex as the person says it; `UNKNOWN` and `REFUSED` are answers.")
class Sex(Enum):
    """Answers about sex."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@strawberry.enum(description="How exactly a birth date is known, or why there is none.")
class BirthDatePrecision(Enum):
    """Precision of a birth date."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@strawberry.enum(description="How far a programme is.")
class ProgrammeStatus(Enum):
    """States of a programme."""

    DRAFT = strawberry.enum_value("draft", description="Being written; no case can be opened.")
    ACTIVE = strawberry.enum_value("active", description="Cases can be opened.")
    ENDED = strawberry.enum_value("ended", description="No further case is opened.")


@strawberry.enum(description="What a programme works on.")
class ProgrammeEffect(Enum):
    """Effects of a programme."""

    CLINICAL = "clinical"
    REHABILITATION = "rehabilitation"
    SOCIAL = "social"


@strawberry.enum(description="What a programme is there for.")
class ProgrammeFinality(Enum):
    """Finalities of a programme."""

    CONTINUITY = "continuity"
    COST_CONTROL = "cost_control"
    ACCESS = "access"


@strawberry.enum(description="Where a case stands.")
class Stage(Enum):
    """Stages of a case."""

    INTAKE = strawberry.enum_value("intake", description="Asked for; selection is being decided.")
    ASSESSMENT = strawberry.enum_value("assessment", description="Admitted; needs are assessed.")
    REFUSED = strawberry.enum_value("refused", description="Not admitted; closed.")


@strawberry.enum(description="Who asked for support.")
class RequestSource(Enum):
    """Sources of a request."""

    SELF = "self"
    RELATIVE = "relative"
    PROFESSIONAL = "professional"
    ORGANISATION = "organisation"
    OUTREACH = "outreach"
    OTHER = "other"


@strawberry.enum(description="What a person decided about admission to a programme.")
class Admission(Enum):
    """Selection decisions."""

    ADMITTED = "admitted"
    REFUSED = "refused"


@strawberry.enum(description="What a consent is for.")
class ConsentPurpose(Enum):
    """Purposes of a consent."""

    CASE_MANAGEMENT = "case_management"


@strawberry.enum(description="What permits the processing of personal data (GDPR, article 6).")
class LegalBasis(Enum):
    """Legal bases."""

    CONSENT = "consent"
    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_TASK = "public_task"
    VITAL_INTEREST = "vital_interest"


@strawberry.enum(description="How a consent was given.")
class ConsentForm(Enum):
    """Forms of a consent."""

    SIGNED = "signed"
    VERBAL = "verbal"
    REPRESENTATIVE = strawberry.enum_value(
        "representative", description="By a legal representative."
    )


@strawberry.enum(description="Who gave the answers of an assessment.")
class Informant(Enum):
    """Informants."""

    PERSON = "person"
    RELATIVE = "relative"
    PROFESSIONAL = "professional"
    REPRESENTATIVE = "representative"


@strawberry.enum(description="What a person decided beside an indicative result.")
class EligibilityDecision(Enum):
    """Decisions on eligibility."""

    GRANTED = "granted"
    REFUSED = "refused"
    POSTPONED = "postponed"


@strawberry.enum(description="What kind of service it is (data·inclusion, `type-services`).")
class ServiceKind(Enum):
    """Kinds of services in the words of data·inclusion v1."""

    ACCOMPAGNEMENT = strawberry.enum_value("accompagnement", description="Support by somebody.")
    AIDE_FINANCIERE = strawberry.enum_value("aide-financiere", description="Financial help.")
    AIDE_MATERIELLE = strawberry.enum_value("aide-materielle", description="Help in kind.")
    ATELIER = strawberry.enum_value("atelier", description="A workshop.")
    FORMATION = strawberry.enum_value("formation", description="Training.")
    INFORMATION = strawberry.enum_value("information", description="Information.")


@strawberry.enum(description="Where a referral stands.")
class ReferralState(Enum):
    """States of a referral."""

    DRAFT = strawberry.enum_value("draft", description="Prepared; nobody was told.")
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
