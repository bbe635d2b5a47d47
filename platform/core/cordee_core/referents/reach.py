"""What a permission that reaches ``team`` lets a member read: `core.reached_cases`, and no more."""

from typing import Any
from uuid import UUID

from piccolo.table import Table

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.errors import ForbiddenError
from cordee_core.people.tables import Person
from cordee_core.referents.queries import reached, reached_condition
from cordee_core.referents.tables import CaseloadLine


def within_reach(table: type[Table], needs: Permission) -> Any:
    """Return the condition that rows of `table` are within the reach of a team.

    Raises:
        ForbiddenError: rows of that table are not read that way.
    """
    if table is CaseloadLine:
        return CaseloadLine.mine.eq(True)
    if table not in (Case, Person):
        raise ForbiddenError(permission=str(needs))
    return reached_condition("case_id" if table is Case else "person_id")


async def reached_rows(
    table: type[Table], needs: Permission, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return those rows of a case, of a person, or of what belongs to a case, that are reached.

    Raises:
        ForbiddenError: rows of that table are not read that way.
    """
    if table is Person:
        key, column = "id", "person_id"
    elif table is Case or any(one._meta.name == "case_id" for one in table._meta.columns):
        key, column = ("id" if table is Case else "case_id"), "case_id"
    else:
        raise ForbiddenError(permission=str(needs))
    wanted: set[UUID] = {row[key] for row in rows if row[key] is not None}
    found = await reached(column, wanted)
    return [row for row in rows if row[key] in found]
