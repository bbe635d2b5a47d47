"""The values that core and plugins hand each other: frozen, named, and free of I/O.

Views are what a plugin is told of a record: ids and what the hooks need, nothing that it could
read on by itself. They are loaded under the tenant's own context.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from cordee_core.languages import Text

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantView:
    """The organisation in whose name a hook is called."""

    id: UUID
    slug: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberView:
    """A member of the tenant, with the codes of the roles held."""

    id: UUID
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonView:
    """The person supported: no name, no date of birth."""

    id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """A case as it stands when the hook is called."""

    id: UUID
    number: str
    stage: str
    programme_code: str
    person_id: UUID | None
    """Whom it is about; None where it is about a household or a group."""
    referent_id: UUID | None
    """The member who is the active referent, if there is one yet."""
    opened_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class AssessmentView:
    """A completed assessment and what it was scored to."""

    id: UUID
    case_id: UUID
    instrument_code: str
    instrument_version: str
    completed_on: date
    result: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferralView:
    """A case's request to a service of a catalog."""

    id: UUID
    case_id: UUID
    service_code: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanView:
    """A version of a plan that came into force: what it serves, none of its words."""

    id: UUID
    case_id: UUID
    version: int
    objective_codes: tuple[str, ...]
    """The programme objectives that its goals serve, one for each goal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ObligationView:
    """Something due in a case, by a named rule."""

    id: UUID
    case_id: UUID
    rule: str
    due_at: datetime
    member_id: UUID | None
    """Who must see to it; None where that is whoever leads the case."""
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentView:
    """A consent record: what it is for and whether it holds."""

    id: UUID
    purpose: str
    given: bool
    recorded_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class TransitionRequest:
    """Asks whether `case` may go from the stage `source` to the stage `target`."""

    case: CaseView
    source: str
    target: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    """What the case's row says beside: ``held_from``, ``reopened_at``, ``subject_kind``,
    ``model_version``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Objection:
    """One reason why a case may not change its stage, in words for whoever asked."""

    case_id: UUID
    code: str
    text: Text
    origin: str = ""
    """The plugin or core feature that objects; the host fills it in."""
    target: str = ""
    """The stage that it stands against; empty, it stands against every stage asked for."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What one plugin gave back: a value, or the error that it raised."""

    plugin: str
    value: T | None = None
    error: Exception | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """A right that the plugin asks for by code, and the roles that have it at first."""

    code: str
    title: Text
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginTables:
    """The tables of a plugin: their schema, how they come to be, and how they are declared.

    `migrations` is a folder of ``.sql`` files, run in the order of their names by a role that
    owns `schema` and nothing else.
    """

    schema: str
    migrations: Path | Traversable
    tables: tuple[type, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GraphQLPart:
    """What a plugin adds to the schema: one query type, reached by a field of its own name.

    `query` is a Strawberry type that is made without arguments. Its name, and the name of each
    type reachable from it, starts with the plugin's name in capitals (``HousingQuery``).
    `facets` are types of what the plugin keeps of a case; ``Case.facets`` lists them.
    """

    query: type
    facets: tuple[type, ...] = ()


class Effects(Protocol):
    """What an event hook may do; all of it happens in the transaction of the delivery."""

    async def timeline(self, case_id: UUID, kind: str, label: Text) -> None:
        """Add an entry to the case's timeline; `kind` starts with ``<plugin>.``."""
        ...

    def settings(self, kind: type[S]) -> S:
        """Return the tenant's settings of this plugin, as the type that the plugin declared."""
        ...
