"""Closed vocabularies that only reading needs; the values are the core's own words."""

import inspect
from enum import Enum
from typing import TypeVar

import strawberry

E = TypeVar("E", bound=Enum)


def enumeration(cls: type[E]) -> type[E]:
    """Make `cls` an enum of the schema, described by its docstring."""
    return strawberry.enum(cls, description=" ".join((inspect.getdoc(cls) or "").split()))


@enumeration
class PluginState(Enum):
    """Whether a plugin runs in this installation."""

    READY = "ready"
    FAILED = "failed"
    MISSING = "missing"


@enumeration
class ProgrammeType(Enum):
    """How a programme reaches its finality; each finality has its own types."""

    BROKERAGE = "brokerage"
    ADVOCACY = "advocacy"
    CLIENT_FOCUSED = "client_focused"
    PRIOR_AUTHORISATION = "prior_authorisation"
    GATEKEEPER = "gatekeeper"
    SYSTEM_FOCUSED = "system_focused"


@enumeration
class Lead(Enum):
    """Who leads the cases of a model."""

    SINGLE_REFERENT = "single_referent"
    SHARED_TEAM = "shared_team"


@enumeration
class Consulted(Enum):
    """Who was consulted on a local adaptation."""

    PERSONS = "persons"
    RELATIVES = "relatives"
    COMMUNITY = "community"
    PROFESSIONALS = "professionals"


@enumeration
class ScheduleUnit(Enum):
    """What the offset of a schedule counts."""

    DAYS = "days"
    MONTHS = "months"
    BUSINESS_DAYS = "business_days"


@enumeration
class WaitingStatus(Enum):
    """How a waiting entry stands."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    REMOVED = "removed"


@enumeration
class WaitingChangeKind(Enum):
    """What changed of a waiting entry."""

    ENTERED = "entered"
    PRIORITY = "priority"
    ADMITTED = "admitted"
    REMOVED = "removed"


@enumeration
class AuthorisationDecision(Enum):
    """Whether a service may be given."""

    GRANTED = "granted"
    REFUSED = "refused"


@enumeration
class AssessmentStatus(Enum):
    """Whether the answers were enough to score."""

    COMPLETE = "complete"
    PRORATED = "prorated"
    PARTIAL = "partial"
    NOT_SCORABLE = "not_scorable"


@enumeration
class LicenceVerdict(Enum):
    """Whether the wording of an instrument may travel with its plugin."""

    SHIP = "ship"
    CONTENT_PACK = "content_pack"
    DEFINITION_ONLY = "definition_only"
    FORBIDDEN = "forbidden"


@enumeration
class ItemType(Enum):
    """What the answer to an item is."""

    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"


@enumeration
class FactType(Enum):
    """What the value of a fact is."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    PERIODS = "periods"


@enumeration
class JournalKind(Enum):
    """What kind of act a journal entry records."""

    WRITE = "write"
    READ = "read"
    DENIED = "denied"
    LOGIN = "login"
