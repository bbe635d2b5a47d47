"""A tenant copies a programme template of a plugin, with its model, to make it its own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import NotFoundError
from cordee_core.programmes.definition import ProgrammeTemplate
from cordee_core.programmes.model import ModelTemplate
from cordee_core.programmes.queries import has_programme, model_by_code
from cordee_core.programmes.tables import Model, ModelVersion, Programme
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyDraft:
    """The template's code, and the code that the programme gets here."""

    template: str
    code: str | None = None


def find_template(scope: Scope, code: str) -> ProgrammeTemplate:
    """Return a template of an enabled plugin. Raises NotFoundError."""
    for plugin in scope.enabled:
        if code in scope.host.content[plugin].programmes:
            return scope.host.content[plugin].programmes[code]
    raise NotFoundError(path=("input", "template"))


def find_model(scope: Scope, code: str) -> ModelTemplate | None:
    """Return a model template of an enabled plugin."""
    for plugin in scope.enabled:
        if code in scope.host.content[plugin].models:
            return scope.host.content[plugin].models[code]
    return None


async def copy_programme(uow: UnitOfWork, draft: CopyDraft) -> Changed:
    """Make a draft programme from the template; its model is copied where the tenant lacks it.

    Raises:
        NotFoundError: no enabled plugin has the template.
        InvalidInputError: the tenant has a programme of that code.
    """
    scope = uow.scope
    scope.require(Permission.PROGRAMME_MANAGE)
    template = find_template(scope, draft.template)
    code = need_text(draft.code or template.code, "input", "code", longest=100)
    if await has_programme(code):
        raise problem(("input", "code"), "a programme has this code", "un programme a déjà ce code")
    programme = scope.new_id()
    model = await _model(scope, template.definition.model)
    await insert(
        Programme(
            tenant_id=scope.tenant, id=programme, code=code, status="draft",
            template_code=template.code, definition=template.definition.to_json(), model_id=model,
            adaptation={"original": template.code, "version": template.version, "changes": []},
            version=0, created_at=scope.clock(), created_by=scope.actor.id,
        )
    )  # fmt: skip
    uow.touched("Programme", programme)
    return {"programme": programme}


async def _model(scope: Scope, code: str | None) -> UUID | None:
    if code is None:
        return None
    known = await model_by_code(code)
    if known is not None:
        return UUID(str(known["id"]))
    template = find_model(scope, code)
    return None if template is None else await store_model(scope, template)


async def store_model(scope: Scope, template: ModelTemplate) -> UUID:
    """Store a copy of the model and its first version; return its id."""
    model, moment, definition = scope.new_id(), scope.clock(), template.to_json()
    common: dict[str, Any] = {
        "tenant_id": scope.tenant, "definition": definition, "version": 1, "created_at": moment,
        "created_by": scope.actor.id,
    }  # fmt: skip
    await insert(Model(id=model, code=template.code, template_code=template.code, **common))
    await insert(ModelVersion(id=scope.new_id(), model_id=model, **common))
    return model
