"""A tenant writes or changes a programme: its parts as data, checked as they are saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.programmes.adaptation import Account, adapted
from cordee_core.programmes.checking import checked_programme
from cordee_core.programmes.definition import ProgrammeDefinition, parse_draft
from cordee_core.programmes.methods_of import with_methods
from cordee_core.programmes.pairing import paired
from cordee_core.programmes.queries import has_programme, model_by_code
from cordee_core.programmes.tables import Programme
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class NewProgramme:
    """A programme of the tenant's own: its code and the parts written so far."""

    code: str
    parts: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeEdit:
    """Parts that replace those of the same name, None to remove one, and what is said of it."""

    programme: UUID
    row_version: int
    parts: Mapping[str, object]
    reason: str | None = None
    account: Account | None = None


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
    definition = await with_methods(scope, checked_programme(draft.parts))
    programme, model = scope.new_id(), await model_of(definition)
    await insert(
        Programme(
            tenant_id=scope.tenant, id=programme, code=code, status="draft", version=0,
            definition=definition.to_json(), model_id=model,
            created_at=scope.clock(), created_by=scope.actor.id,
        )
    )  # fmt: skip
    if model is not None:
        await paired(scope, programme, model)
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
    given = {name: part for name, part in merged.items() if part is not None}
    definition = await with_methods(scope, checked_programme(given))
    account = draft.account or Account(reason=draft.reason)
    replaced = replaced_criteria(parse_draft(row["definition"]), definition)
    values = {
        "definition": definition.to_json(),
        "adaptation": adapted(scope, row["adaptation"], draft.parts, account, replaced=replaced),
        **await _model(scope, draft, definition),
    }
    await change(Programme, draft.programme, draft.row_version, values)
    uow.touched("Programme", draft.programme, fields=draft.parts)
    return {"programme": draft.programme}


def replaced_criteria(before: ProgrammeDefinition, after: ProgrammeDefinition) -> set[str]:
    """Return the rules of plugins in whose place a profile has a rule of the tenant's own now."""
    own = {one.code for one in after.target_group if one.own_criteria is not None}
    return {
        one.criteria for one in before.target_group if one.criteria is not None and one.code in own
    }


async def model_of(definition: ProgrammeDefinition) -> UUID | None:
    """Return the id of the tenant's model that the definition names, if it has it."""
    if definition.model is None:
        return None
    row = await model_by_code(definition.model)
    return None if row is None else UUID(str(row["id"]))


async def _model(
    scope: Scope, draft: ProgrammeEdit, definition: ProgrammeDefinition
) -> Mapping[str, object]:
    """Return the model that the programme names now, which runs beside those that ran before."""
    if "model" not in draft.parts:
        return {}
    model = await model_of(definition)
    if model is not None:
        await paired(scope, draft.programme, model)
    return {"model_id": model}
