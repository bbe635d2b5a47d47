"""The code of conduct: published by version, accepted by each member before the first case."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, ConductNotAcceptedError, StaleObjectError
from cordee_core.members.queries import conduct_in_force, without_conduct
from cordee_core.members.tables import ConductAcceptance, ConductVersion
from cordee_core.tenants.queries import lock_tenant
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class ConductDraft:
    """The text of a new version, in every language."""

    text: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptConductDraft:
    """The version that the member read."""

    version: int


async def publish_conduct(uow: UnitOfWork, draft: ConductDraft) -> Changed:
    """Publish the next version; it has to be accepted anew. Raises InvalidInputError."""
    scope = uow.scope
    scope.require(Permission.MEMBER_MANAGE)
    text = {
        language: need_text(words, "input", "text", language, longest=50_000)
        for language, words in draft.text.items()
    }
    await lock_tenant()
    former = await conduct_in_force()
    identifier = scope.new_id()
    await insert(
        ConductVersion(
            tenant_id=scope.tenant, id=identifier, version=1 + (former["version"] if former else 0),
            text=text, published_at=scope.clock(), published_by=scope.actor.id,
        )
    )  # fmt: skip
    uow.touched("Conduct", identifier)
    return {"conduct": identifier}


async def accept_conduct(uow: UnitOfWork, draft: AcceptConductDraft) -> Changed:
    """Accept the version in force, for oneself.

    Raises:
        InvalidInputError: nothing was published.
        StaleObjectError: a newer version was published meanwhile.
        AlreadyDecidedError: the member accepted it before.
    """
    scope = uow.scope
    scope.require(Permission.MEMBER_READ)
    conduct = await conduct_in_force()
    if conduct is None:
        raise problem(("input", "version"), "there is no code of conduct", "il n'y a pas de charte")
    if conduct["version"] != draft.version:
        raise StaleObjectError(path=("input", "version"))
    try:
        await insert(
            ConductAcceptance(
                tenant_id=scope.tenant, id=scope.new_id(), conduct_id=conduct["id"],
                member_id=scope.actor.id, accepted_at=scope.clock(),
            )
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise AlreadyDecidedError(path=("input", "version")) from error
    uow.touched("Conduct", conduct["id"])
    return {"conduct": conduct["id"], "member": scope.actor.id}


async def need_conduct(member: UUID, name: str, *path: str | int) -> None:
    """Return if the member accepted the version in force. Raises ConductNotAcceptedError."""
    conduct = await conduct_in_force()
    if conduct is not None and await without_conduct([member], conduct["id"]):
        raise ConductNotAcceptedError(path=path, member=name, version=conduct["version"])
