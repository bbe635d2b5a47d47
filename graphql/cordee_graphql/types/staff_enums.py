"""Closed vocabularies about the people who work."""

from enum import Enum

import strawberry

from cordee_graphql.enums import _word as word


@strawberry.enum(description="How far a permission reaches.")
class PermissionReach(Enum):
    """Reaches of a permission."""

    SELF = word("self", "The own record, or what the member wrote.")
    TEAM = word(
        "team", "Cases that the member leads, shares in a team, or handed over a while ago."
    )
    TENANT = word("tenant", "The whole organisation.")


@strawberry.enum(description="What a member proved.")
class TrainingKind(Enum):
    """Kinds of training."""

    TRAINING = word("training", "A training followed.")
    QUALIFICATION = word("qualification", "A diploma, a licence or another qualification.")


@strawberry.enum(description="What may ask for a training.")
class TrainingSubject(Enum):
    """What may ask for a training."""

    METHOD = word("method", "A method of follow-up.")
    INSTRUMENT = word("instrument", "An instrument.")


@strawberry.enum(description="What a member said of conflicts of interest when designated.")
class ConflictAnswer(Enum):
    """Answers about conflicts of interest."""

    NONE = word("none", "There is none.")
    NOT_ASKED = word("not_asked", "Not asked yet; asked when the handover is acknowledged.")


@strawberry.enum(description="How a caseload stands against the norm.")
class LoadState(Enum):
    """States of a caseload."""

    WITHIN = word("within", "Within what is recommended.")
    ABOVE_RECOMMENDED = word("above_recommended", "Above what is recommended: a warning.")
    ABOVE_MAXIMUM = word("above_maximum", "Above the maximum: only with an override.")


@strawberry.enum(description="What stood in the way of a designation or of an assessment.")
class OverrideKind(Enum):
    """Kinds of override."""

    CASELOAD = word("caseload", "The maximum of the caseload.")
    TRAINING = word("training", "A training that is missing.")


@strawberry.enum(description="What a volunteer or community worker wrote.")
class FieldReportKind(Enum):
    """Kinds of report."""

    REPORT = word("report", "A report.")
    VISIT = word("visit", "A visit that took place.")
