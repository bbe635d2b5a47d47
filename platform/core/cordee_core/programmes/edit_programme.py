"""A tenant writes or changes a programme: its parts as data, checked as they are saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.definitions import DefinitionError
from cordee_core.errors import InvalidInputError
from cordee_core.programmes.definition import ProgrammeDefinition, parse_draft
from cordee_core.programmes.queries import has_programme, model_by_code
from cordee_core.programmes.tables import Programme
from cordee_core.validation import maybe_text, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class NewProgramme:
    """A programme of the tenant's own: its code and the parts written so far."""

    code: str
    parts: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeEdit:
    """Parts that replace those of the same name, None to remove one; `reason` says why."""

    programme: UUID
    row_version: int
    parts: Mapping[str, object]
    reason: str | None = None


async def create_programme(uow: UnitOfWork, draft: NewProgramme) -> Changed:
    """Make a draft programme without a template.

    Raises:
        InvalidInputError: the code is taken, or a part is not as it must be.
    """
    scope = uow.scope
    scope.require(Permission.PROGRAMME_MANAGE)
    code = need_text(draft.code, "input", "code", longest=100)
    if await has_programme(code):
        raise problem(("input", "code"), "a programme has this code", "un programme a déjà ce code")
    definition = checked(draft.parts)
    programme = scope.new_id()
    await insert(
        Programme(
            tenant_id=scope.tenant, id=programme, code=code, status="draft", version=0,
            definition=definition.to_json(), model_id=await model_of(definition),
            created_at=scope.clock(), created_by=scope.actor.id,
        )
    )  # fmt: skip
    uow.touched("Programme", programme)
    return {"programme": programme}


async def edit_programme(uow: UnitOfWork, draft: ProgrammeEdit) -> Changed:
    """Change the parts of a programme; an active one keeps its version until activated again.

    Raises:
        StaleObjectError: the row changed since it was read.
        InvalidInputError: a part is not as it must be.
        NotFoundError: there is no such programme.
    """
    scope = uow.scope
    scope.require(Permission.PROGRAMME_MANAGE)
    row = await find(Programme, draft.programme, lock=True)
    merged = {**row["definition"], **draft.parts}
    definition = checked({name: part for name, part in merged.items() if part is not None})
    reason = maybe_text(draft.reason, "input", "reason", longest=2000)
    values = {
        "definition": definition.to_json(),
        "model_id": await model_of(definition),
        "adaptation": _adapted(scope, row, draft, reason),
    }
    await change(Programme, draft.programme, draft.row_version, values)
    uow.touched("Programme", draft.programme, fields=draft.parts)
    return {"programme": draft.programme}


def checked(parts: Mapping[str, object]) -> ProgrammeDefinition:
    """Return the parts as a definition. Raises InvalidInputError with the place in `parts`."""
    try:
        return parse_draft(parts)
    except DefinitionError as error:
        where = f"{error.where}: {error.problem}" if error.where else error.problem
        raise InvalidInputError(path=("input", "parts"), problem=where) from error


async def model_of(definition: ProgrammeDefinition) -> UUID | None:
    """Return the id of the tenant's model that the definition names, if it has it."""
    if definition.model is None:
        return None
    row = await model_by_code(definition.model)
    return None if row is None else UUID(str(row["id"]))


def _adapted(
    scope: Scope, row: Found, draft: ProgrammeEdit, reason: str | None
) -> Mapping[str, object] | None:
    """Return the record of the local adaptation with this change added."""
    if row["adaptation"] is None:
        return None
    made = {
        "parts": sorted(draft.parts), "reason": reason, "at": scope.clock().isoformat(),
        "by": str(scope.actor.id),
    }  # fmt: skip
    return {**row["adaptation"], "changes": [*row["adaptation"]["changes"], made]}
