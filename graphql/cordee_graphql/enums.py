"""Closed vocabularies of the API: what the core calls ``team_member`` is ``TEAM_MEMBER`` here.

The values are the core's own words: `Stage(row["stage"])` reads, `stage.value` writes.
"""

from enum import Enum
from typing import cast

import strawberry


def _word(value: str, description: str) -> str:
    """Return `value` as the value of an enum's member, with a description."""
    return cast("str", strawberry.enum_value(value, description=description))


@strawberry.enum(description="A language in which every text exists.")
class Language(Enum):
    """ISO 639-1 codes."""

    EN = "en"
    FR = "fr"


@strawberry.enum(description="A role: a set of permissions.")
class Role(Enum):
    """The roles as shipped."""

    ADMIN = _word("admin", "Runs the organisation; no personal record.")
    SUPERVISOR = _word("supervisor", "A referent who also designates referents, adapts programmes.")
    REFERENT = _word("referent", "Leads cases: decides, moves, refers.")
    TEAM_MEMBER = _word("team_member", "Works on cases: registers, opens, notes, assesses.")
    READER = _word("reader", "Reads.")
    VOLUNTEER = _word("volunteer", "Writes own reports and visits, under a named supervisor.")
    PERSON = _word("person", "The person whom cases are about: own records only.")


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

    DRAFT = _word("draft", "Being written; no case can be opened.")
    ACTIVE = _word("active", "Cases can be opened.")
    ENDED = _word("ended", "No further case is opened.")


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

    INTAKE = _word("intake", "Asked for; selection is being decided.")
    ASSESSMENT = _word("assessment", "Admitted; needs are assessed.")
    PLANNING = _word("planning", "The plan is being agreed.")
    IMPLEMENTATION = _word("implementation", "The plan is carried out.")
    MONITORING = _word("monitoring", "The plan is followed and reviewed.")
    EVALUATION = _word("evaluation", "What was reached is looked at with the person.")
    CLOSED = _word("closed", "Ended, with its reason and its after-care.")
    ON_HOLD = _word("on_hold", "Interrupted; it returns to the stage that it came from.")
    REOPENED = _word("reopened", "Taken up again; consent is asked again.")
    TRANSFERRED = _word("transferred", "Goes on under another number, elsewhere.")
    REFUSED = _word("refused", "Not admitted; closed.")
    MERGED = _word("merged", "Goes on in another case of the same person.")


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

    CASE_MANAGEMENT = _word("case_management", "That somebody leads the support.")
    TRANSFER = _word("transfer", "That the case goes on elsewhere in the organisation.")


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
    REPRESENTATIVE = _word("representative", "By a legal representative.")


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

    ACCOMPAGNEMENT = _word("accompagnement", "Support by somebody.")
    AIDE_FINANCIERE = _word("aide-financiere", "Financial help.")
    AIDE_MATERIELLE = _word("aide-materielle", "Help in kind.")
    ATELIER = _word("atelier", "A workshop.")
    FORMATION = _word("formation", "Training.")
    INFORMATION = _word("information", "Information.")


@strawberry.enum(description="Where a referral stands.")
class ReferralState(Enum):
    """States of a referral."""

    DRAFT = _word("draft", "Prepared; nobody was told.")
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
