"""What a field of the API is in the database: the facts that the planner compiles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from piccolo.table import Table

from cordee_core.access.permissions import Permission
from cordee_core.database.lists import OwnedLists, RowList

if TYPE_CHECKING:
    from cordee_graphql.planner.compile import Chosen
    from cordee_graphql.planner.row import Row

KEY = "cordee.shape"
"""Where a field's metadata holds its shape."""

CASE_ID = "case_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSource:
    """Where the rows of a type stand and who may read them.

    `needs` is the permission to read one by its id. `subject` is the column with the person whose
    record a row is; rows `below` a case are the record of the case's person. Where
    the permission reaches only the own record, other rows are not there.
    """

    table: type[Table]
    needs: Permission | None = None
    subject: str | None = None
    below: bool = False

    @property
    def name(self) -> str:
        """The table's name in SQL."""
        meta = self.table._meta
        return f'"{meta.schema}"."{meta.tablename}"'

    @property
    def plugin(self) -> str:
        """The plugin to which the table belongs."""
        return str(self.table._meta.schema).removeprefix("plugin_")

    @property
    def subject_column(self) -> str | None:
        """The column that decides whose record a row is: of the person or of the case."""
        return CASE_ID if self.below else self.subject


@dataclass(frozen=True, slots=True)
class Column:
    """The column `name`; without one, that of the field's own name."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class Localised:
    """A text in several languages: a jsonb column, or a path in one."""

    column: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL that gives the value, made of the row and of the field as it was selected.

    `finished` SQL gives the value as JSON text already.
    """

    write: "Callable[[Row, Chosen], str]"
    finished: bool = False


@dataclass(frozen=True, slots=True)
class GlobalId:
    """The global id of the row."""


@dataclass(frozen=True, slots=True)
class One:
    """The row of `target` whose column `by` is this row's `key`.

    `checked` says that the target's own permission counts; else who may read this row may know
    that one. `through` (a type and its column) stands between `key` and the target. Of `few`
    targets many rows name the same. `as_text` says that `key` is a text, which may hold an id.
    """

    target: "Target"
    key: str
    by: str = "id"
    checked: bool = True
    through: "tuple[Target, str] | None" = None
    few: bool = False
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class Many:
    """All rows of `target` whose column `owner` is this row's id, in the order of `order`."""

    target: "Target"
    owner: str
    order: str


@dataclass(frozen=True, slots=True)
class Linked:
    """The rows of `target` that `link` ties to this one, in the order of its column `order`.

    `owner` and `other` are its columns with the ids of this row and of the target; `needs` is the
    permission for the whole tenant.
    """

    target: "Target"
    link: RowSource
    owner: str
    other: str
    order: str
    needs: Permission


class Form(StrEnum):
    """How a stored JSON value holds objects: as one, in a list, or by name.

    By name, each is an object with a ``key`` and a ``value``.
    """

    ONE = "one"
    LIST = "list"
    BY_NAME = "by name"


@dataclass(frozen=True, slots=True)
class Inside:
    """Objects of the type `target` in the jsonb column `column`, at `path`; see `Form`.

    Without a name it is the column of the field's own. `without` are names that do not count.
    """

    target: "Target"
    column: str = ""
    path: tuple[str, ...] = ()
    form: Form = Form.LIST
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facets:
    """What the plugins that the tenant enabled keep of a case."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A connection over the rows that `lists` gives this row; `order` names list and order."""

    target: "Target"
    lists: OwnedLists
    order: str
    key: tuple[str, type] = ("id", UUID)
    needs: Permission | None = None


@dataclass(frozen=True, slots=True)
class Tallied:
    """A list made of the tallies of one subject, each an object of the type `target`.

    `words` are the items that count, in their order; without them, all, the most first.
    """

    target: "Target"
    subject: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RootTallies:
    """An object whose fields are `Tallied`; `needs` is the permission for the whole tenant."""

    target: "Target"
    needs: Permission


@dataclass(frozen=True, slots=True)
class RootOne:
    """The row of `target` with the global id in the argument ``id``; any node without `target`."""

    target: "Target | None" = None


@dataclass(frozen=True, slots=True)
class RootPages:
    """A connection over the rows that fit the argument ``filter``.

    `needs` is the permission to list them; where it reaches only the own record, `rows` gets
    that person.
    """

    target: "Target"
    order: str
    rows: Callable[[Any, UUID | None], RowList]
    needs: Permission
    key: tuple[str, type] = ("id", UUID)
    own: bool = False


Target = Callable[[], type]
"""A type of the API, looked up when it is needed: types refer to each other."""

Shape = (
    Column | Localised | Expression | GlobalId | One | Many | Linked | Inside | Facets | Pages
    | Tallied | RootOne | RootPages | RootTallies
)  # fmt: skip


def shaped(shape: Shape) -> dict[object, object]:
    """Return the metadata of a field that is `shape`."""
    return {KEY: shape}


def shape_of(metadata: Mapping[Any, Any] | None) -> Shape | None:
    """Return the shape in a field's metadata; None where it has only a resolver."""
    found: Shape | None = (metadata or {}).get(KEY)
    return found


def source_of(cls: type) -> RowSource | None:
    """Return where the rows of the type `cls` stand; None where they are no rows."""
    found = getattr(cls, "source", None)
    return found if isinstance(found, RowSource) else None
