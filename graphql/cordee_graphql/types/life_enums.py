"""Closed vocabularies of the life of a case; the values are the core's own words."""

from enum import Enum

from cordee_graphql.enums import _word
from cordee_graphql.types.enums import enumeration


@enumeration
class SubjectKind(Enum):
    """Whom a case is about."""

    PERSON = _word("person", "One person.")
    HOUSEHOLD = _word("household", "The persons of a household; each consents.")
    GROUP = _word("group", "A group without names, of a size.")


@enumeration
class TransferState(Enum):
    """Where a transfer stands."""

    REQUESTED = _word("requested", "Waits for the approvals of both sides.")
    DONE = _word("done", "The case goes on under its new number.")
    DECLINED = _word("declined", "One side does not want it.")
    WITHDRAWN = _word("withdrawn", "Who requested it took it back.")


@enumeration
class TransferSide(Enum):
    """In whose name a transfer is approved."""

    GIVING = _word("giving", "The side that hands the case over.")
    RECEIVING = _word("receiving", "The side that takes it over.")


@enumeration
class RequestOutcome(Enum):
    """How a request ended that needed no case."""

    INFORMATION = _word("information", "An answer.")
    ORIENTATION = _word("orientation", "Sent on to somebody else.")
