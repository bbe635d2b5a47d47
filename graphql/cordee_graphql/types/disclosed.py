"""Fields of a person that are shown from a level of disclosure on, on both roads.

In SQL a person who is open to all is written; for anybody else the statement says that only
ordinary execution can answer, which looks up what the caller was granted and gives null with
``NOT_DISCLOSED`` for what lies above.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from strawberry.types.field import StrawberryField

from cordee_core.database.rows import find_many
from cordee_core.errors import NotDisclosedError
from cordee_core.people.disclosure import SHOWN, levels_for, reaches
from cordee_core.people.tables import Person
from cordee_graphql.context import Info
from cordee_graphql.operation import Operation
from cordee_graphql.planner import sql
from cordee_graphql.planner.compile import Chosen
from cordee_graphql.planner.declare import written_as
from cordee_graphql.planner.row import Row
from cordee_graphql.planner.shapes import Expression, shaped
from cordee_graphql.planner.written import Write
from cordee_graphql.types.declaring import made_of
from cordee_graphql.types.person_enums import DisclosureLevel

_ORDINARY = "chr(1)"
"""The SQL for `sql.MARK`: the ordinary road is taken."""


async def level_of(info: Info, row: Mapping[str, Any]) -> str:
    """Return how much of the person in `row` the caller is shown."""
    if row["disclosure"] == "full":
        return "full"
    return str(await info.context.operation.loader("levels", _load).load(row["id"]) or "none")


async def _load(operation: Operation, persons: Sequence[UUID]) -> Mapping[UUID, str]:
    async with operation.read():
        return await levels_for(operation.scope, await find_many(Person, persons))


async def need_level(info: Info, row: Mapping[str, Any], name: str) -> None:
    """Return if the caller is shown the field `name` of the person in `row`.

    Raises:
        NotDisclosedError: the field is shown from a higher level on.
    """
    level = await level_of(info, row)
    if not reaches(level, SHOWN[name]):
        raise NotDisclosedError(level=level)


def disclosed(description: str, kind: Any, name: str) -> StrawberryField:
    """Make a nullable field that gives the column `name` of type `kind` as far as it is shown."""

    async def resolve(self: Any, info: Info) -> Any:
        await need_level(info, self.row, name)
        value = self.row[name]
        return kind(value) if isinstance(kind, type) and issubclass(kind, Enum) and value else value

    def write(row: Row, chosen: Chosen) -> str:
        return _open(row, sql.leaf(row.column(name), chosen.definition.type))

    resolve.__annotations__["return"] = kind | None
    text = f"{description} Null with `NOT_DISCLOSED` below the level `{SHOWN[name].upper()}`."
    return made_of(resolve, text, metadata=shaped(Expression(write, finished=True)))


def _open(row: Row, text: str) -> str:
    """Return the SQL that writes `text` of a person who is open to all."""
    return f"CASE WHEN {row.column('disclosure')} = 'full' THEN {text} ELSE {_ORDINARY} END"


def _full(row: Row, chosen: Chosen) -> str:
    return _open(row, sql.quoted('"FULL"'))


FULL: Write = _full
"""How the level is written of a person who is open to all."""


@written_as(FULL, finished=True)
async def disclosure(self: Any, info: Info) -> DisclosureLevel:
    """How much of the person you are shown; fields above it are null with `NOT_DISCLOSED`."""
    return DisclosureLevel(await level_of(info, self.row))
