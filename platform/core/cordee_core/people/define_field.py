"""A tenant adds a field to the record of its persons, changes it, or retires it."""

from cordee_core.access.permissions import Permission
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import StaleObjectError
from cordee_core.people.fields import FieldDraft, definition_of
from cordee_core.people.queries import put_field


async def define_field(uow: UnitOfWork, draft: FieldDraft) -> Changed:
    """Write the definition. Values that were given before stay as they are, whatever it says now.

    Raises:
        InvalidInputError: the definition contradicts itself or lacks a text.
        StaleObjectError: there is such a field already, and `row_version` is not its own.
    """
    scope = uow.scope
    scope.require(Permission.TENANT_MANAGE)
    definition = definition_of(draft)
    values = {
        "place": draft.place, "definition": definition, "active": draft.active,
        "row_version": draft.row_version,
    }  # fmt: skip
    if await put_field(scope.tenant, draft.code, values) is None:
        raise StaleObjectError(path=("input", "rowVersion"))
    uow.touched("PersonField", scope.tenant, fields=(draft.code,))
    return {"tenant": scope.tenant}
