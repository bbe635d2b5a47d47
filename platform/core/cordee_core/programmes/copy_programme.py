"""A tenant copies a programme template of a plugin, with its model, to make it its own."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import NotFoundError
from cordee_core.programmes.adaptation import copied
from cordee_core.programmes.definition import ProgrammeTemplate
from cordee_core.programmes.methods_of import with_methods
from cordee_core.programmes.pairing import paired
from cordee_core.programmes.queries import has_programme, model_by_code
from cordee_core.programmes.tables import Programme
from cordee_core.programmes.versioned import MODEL, store_copy, template_of
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
    definition = await with_methods(scope, template.definition)
    await insert(
        Programme(
            tenant_id=scope.tenant, id=programme, code=code, status="draft",
            template_code=template.code, definition=definition.to_json(), model_id=model,
            adaptation=copied(template.code, template.version),
            version=0, created_at=scope.clock(), created_by=scope.actor.id,
        )
    )  # fmt: skip
    if model is not None:
        await paired(scope, programme, model)
    uow.touched("Programme", programme)
    return {"programme": programme}


async def _model(scope: Scope, code: str | None) -> UUID | None:
    if code is None:
        return None
    known = await model_by_code(code)
    if known is not None:
        return UUID(str(known["id"]))
    template = template_of(scope, MODEL, code)
    return None if template is None else await store_copy(scope, MODEL, template, code)
