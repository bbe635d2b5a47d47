"""One transaction per root mutation field or job: rows, timeline, journal, outbox, idempotency.

A use case gets the `UnitOfWork`, writes through Piccolo and never commits; `perform` commits
once, so that either all of it exists afterwards or nothing.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import msgspec

from cordee_core.access.scope import CONTEXT_TERM, Scope
from cordee_core.database.engine import CordeeEngine, fetch, fetch_one
from cordee_core.errors import ForbiddenError, IdempotencyMismatchError

Changed = Mapping[str, UUID]
"""What a use case made or changed: ids by the name that the payload gives them."""

Draft = TypeVar("Draft")


@dataclass(frozen=True, kw_only=True, slots=True)
class IdempotencyKey:
    """The caller's key, the response key of the root field, SHA-256 of the whole request body."""

    key: str
    response_key: str
    body_hash: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What `perform` did: ids, values shown once, and whether it was done before."""

    changed: Changed
    once: Mapping[str, str] = field(default_factory=dict)
    replayed: bool = False


@dataclass(slots=True)
class UnitOfWork:
    """What one use case leaves behind, beside the rows it writes itself."""

    scope: Scope
    action: str
    subjects: set[UUID] = field(default_factory=set)
    objects: list[tuple[str, UUID]] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    once: dict[str, str] = field(default_factory=dict)
    journal_kind: str = "write"
    _events: list[tuple[str, str, UUID | None, Mapping[str, UUID | str]]] = field(
        default_factory=list
    )

    def touched(
        self, kind: str, identifier: UUID, *, person: UUID | None = None, fields: object = ()
    ) -> None:
        """Note for the journal that an object was written: whose it is, which fields."""
        self.objects.append((kind, identifier))
        if person is not None:
            self.subjects.add(person)
        if isinstance(fields, Mapping | set | tuple | list):
            self.fields.update(str(name) for name in fields)

    def emit(self, event: str, *, case: UUID | None, **payload: UUID | str) -> None:
        """Send `event` to each enabled plugin that listens, after the commit. Ids only."""
        from cordee_core.plugins.dispatch import consumers

        for consumer in consumers(self.scope.host, event, self.scope.enabled):
            self._events.append((event, consumer, case, payload))

    def emit_to(self, plugin: str, event: str) -> None:
        """Send `event` to one plugin if it listens, whether it is enabled already or no longer."""
        from cordee_core.plugins.dispatch import consumers

        if consumers(self.scope.host, event, {plugin}):
            self._events.append((event, plugin, None, {}))

    async def flush(self) -> None:
        """Write journal and outbox."""
        if self.objects:
            await journal(
                self.scope, self.journal_kind, self.action,
                subjects=self.subjects, objects=self.objects, fields=self.fields,
            )  # fmt: skip
        moment = self.scope.clock()
        for event, consumer, case, payload in self._events:
            await fetch(
                "INSERT INTO core.outbox (tenant_id, id, event, consumer, queue, case_id, payload,"
                " created_at, due_at) VALUES ($1, $2, $3, $4, 'events', $5, $6, $7, $7)",
                self.scope.tenant, self.scope.new_id(), event, consumer, case, payload, moment,
            )  # fmt: skip


async def journal(
    scope: Scope,
    kind: str,
    action: str,
    *,
    subjects: set[UUID],
    objects: list[tuple[str, UUID]] | None = None,
    fields: set[str] | None = None,
    code: str | None = None,
    plugin: str | None = None,
) -> None:
    """Write one journal entry in the active transaction: who, what, which fields; never values."""
    await fetch(
        "INSERT INTO core.journal_entries (tenant_id, id, at, kind, action, member_id, plugin,"
        " purpose, subjects, records, fields, code, request_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        scope.tenant, scope.new_id(), scope.clock(), kind, action,
        scope.member.id if scope.member else None, plugin, scope.purpose,
        sorted(subjects), [[name, str(one)] for name, one in objects or []],
        sorted(fields or ()), code, scope.request_id,
    )  # fmt: skip


@asynccontextmanager
async def unit_of_work(
    engine: CordeeEngine, scope: Scope, action: str
) -> AsyncIterator[UnitOfWork]:
    """Give a unit of work under the scope's signed context; commit it when the block ends well."""
    async with engine.transaction(cordee__context=scope.signed(CONTEXT_TERM)):
        uow = UnitOfWork(scope, action)
        yield uow
        await uow.flush()


async def perform(
    engine: CordeeEngine,
    scope: Scope,
    action: str,
    use_case: Callable[[UnitOfWork, Draft], Awaitable[Changed]],
    draft: Draft,
    key: IdempotencyKey | None = None,
) -> Outcome:
    """Run a use case in its own transaction and return what it changed, committed.

    With `key`, a use case that was done before is not run again: the same ids come back. A denial
    is journalled in a transaction of its own.

    Raises:
        IdempotencyMismatchError: the key was used with another body.
        CordeeError: whatever the use case raises; nothing of it is written.
    """
    try:
        async with unit_of_work(engine, scope, action) as uow:
            done = await _replay(scope, key)
            if done is not None:
                return Outcome(changed=done, replayed=True)
            changed = await use_case(uow, draft)
            if key is not None:
                await _remember(scope, key, changed)
        return Outcome(changed=changed, once=dict(uow.once))
    except ForbiddenError as error:
        await deny(engine, scope, action, error)
        raise


async def deny(engine: CordeeEngine, scope: Scope, action: str, error: ForbiddenError) -> None:
    """Journal a denial in a transaction of its own."""
    async with engine.transaction(cordee__context=scope.signed()):
        await journal(
            scope, "denied", action, subjects=set(), fields={str(error.params.get("permission"))},
            code=error.code,
        )  # fmt: skip


async def _replay(scope: Scope, key: IdempotencyKey | None) -> Changed | None:
    """Return what was done under `key` before; wait for whoever is doing it right now."""
    if key is None:
        return None
    owner = (scope.tenant, scope.actor.id, key.key, key.response_key)
    digest = hashlib.sha256("|".join(map(str, owner)).encode()).digest()
    await fetch("SELECT pg_advisory_xact_lock($1)", int.from_bytes(digest[:8], signed=True))
    row = await fetch_one(
        "SELECT body_hash, result FROM core.idempotency_keys"
        " WHERE tenant_id = $1 AND member_id = $2 AND key = $3 AND response_key = $4",
        *owner,
    )
    if row is None:
        return None
    if row["body_hash"] != key.body_hash:
        raise IdempotencyMismatchError
    return msgspec.convert(row["result"], dict[str, UUID])


async def _remember(scope: Scope, key: IdempotencyKey, changed: Changed) -> None:
    await fetch(
        "INSERT INTO core.idempotency_keys (tenant_id, member_id, key, response_key, body_hash,"
        " result, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        scope.tenant, scope.actor.id, key.key, key.response_key, key.body_hash,
        dict(changed), scope.clock(),
    )  # fmt: skip
