"""A tenant adds a service of its own to the catalog."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.languages import LANGUAGES, Text
from cordee_core.services.definition import TYPES
from cordee_core.services.tables import Service
from cordee_core.validation import maybe_text, need_one_of, need_slug, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceDraft:
    """A service in French and English, and who offers it."""

    code: str
    name: Text
    description: Text
    kind: str
    provider: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderDraft:
    """Who offers a service here, with the row version that was read."""

    service: UUID
    row_version: int
    provider: str
    active: bool = True


async def create_service(uow: UnitOfWork, draft: ServiceDraft) -> Changed:
    """Add the service under ``own.<code>``.

    Raises:
        InvalidInputError: a value is missing, or the tenant has a service of that code.
    """
    scope = uow.scope
    scope.require(Permission.SERVICE_MANAGE)
    code = f"own.{need_slug(draft.code, 'input', 'code')}"
    texts = [
        {lang: need_text(text.get(lang), "input", field, lang, longest=2000) for lang in LANGUAGES}
        for field, text in (("name", draft.name), ("description", draft.description))
    ]
    kind = need_one_of(draft.kind, TYPES, "input", "kind")
    if await Service.exists().where(Service.code == code):
        raise problem(("input", "code"), "a service has this code", "une prestation a déjà ce code")
    identifier = scope.new_id()
    await insert(
        Service(
            tenant_id=scope.tenant, id=identifier, code=code, name=texts[0], description=texts[1],
            kind=kind, provider=maybe_text(draft.provider, "input", "provider"), details={},
            active=True, created_at=scope.clock(),
        )
    )  # fmt: skip
    uow.touched("Service", identifier)
    return {"service": identifier}


async def set_provider(uow: UnitOfWork, draft: ProviderDraft) -> Changed:
    """Say who offers a service here, or that it is not offered.

    Raises:
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such service.
    """
    uow.scope.require(Permission.SERVICE_MANAGE)
    provider = need_text(draft.provider, "input", "provider")
    await find(Service, draft.service, lock=True)
    values = {"provider": provider, "active": draft.active}
    await change(Service, draft.service, draft.row_version, values)
    uow.touched("Service", draft.service, fields=values)
    return {"service": draft.service}
