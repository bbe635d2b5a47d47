"""One transaction per root mutation field or job: rows, timeline, journal, outbox, idempotency.

A use case gets the `UnitOfWork`, writes through Piccolo and never commits; `perform` commits
once, so that either all of it exists afterwards or nothing.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import msgspec

from cordee_core.access.scope import CONTEXT_TERM, Scope
from cordee_core.database.engine import CordeeEngine, fetch, fetch_one
from cordee_core.database.opening import CONTEXT
from cordee_core.database.records import Event, Last, closing, event_values, journal_values
from cordee_core.database.transaction import CordeeTransaction
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
    _events: list[Event] = field(default_factory=list)
    _done: tuple[object, ...] | None = None
    last: Last | None = None
    """Rows that the use case leaves to be written at the end."""

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
        """Write journal, outbox and idempotency key, in one statement with what comes last.

        Raises:
            Exception: what comes last belongs to nothing that there is.
        """
        values: list[object] = [] if self.last is None else [*self.last.values]
        used = len(values)
        if self.objects:
            values += journal_values(
                self.scope, self.journal_kind, self.action,
                subjects=self.subjects, objects=self.objects, fields=self.fields,
            )  # fmt: skip
        if self._events:
            values += event_values(self.scope, self._events)
        if self._done is not None:
            values += self._done
        if values:
            statement = closing(
                journal=bool(self.objects), events=bool(self._events), key=bool(self._done),
                parts="" if self.last is None else self.last.parts, used=used,
            )  # fmt: skip
            found = await fetch(statement, *values)
            if self.last is not None and not found:
                raise self.last.missing

    def remember(self, key: IdempotencyKey, changed: Changed) -> None:
        """Have `changed` given back to whoever comes with `key` again."""
        scope = self.scope
        self._done = (
            scope.tenant, scope.actor.id, key.key, key.response_key, key.body_hash,
            dict(changed), scope.clock(),
        )  # fmt: skip


async def journal(
    scope: Scope,
    kind: str,
    action: str,
    *,
    subjects: Iterable[UUID],
    objects: Sequence[tuple[str, UUID]] = (),
    fields: Iterable[str] = (),
    code: str | None = None,
    plugin: str | None = None,
) -> None:
    """Write one journal entry in the active transaction: who, what, which fields; never values."""
    values = journal_values(
        scope, kind, action,
        subjects=subjects, objects=objects, fields=fields, code=code, plugin=plugin,
    )  # fmt: skip
    await fetch(closing(journal=True, events=False, key=False), *values)


def acting(
    engine: CordeeEngine,
    scope: Scope,
    term: timedelta = CONTEXT_TERM,
    *,
    quick: bool = False,
    lock: int | None = None,
) -> CordeeTransaction:
    """Return a transaction under the scope's signed context, which first asks its proof.

    `quick`: it is over before its record is safe on disk, as a read may be.
    """
    settings = {CONTEXT: scope.signed(term)}
    if quick:
        settings["synchronous_commit"] = "off"
    return CordeeTransaction(engine, settings, scope.proof, lock)


@asynccontextmanager
async def unit_of_work(
    engine: CordeeEngine, scope: Scope, action: str, key: IdempotencyKey | None = None
) -> AsyncIterator[UnitOfWork]:
    """Give a unit of work under the scope's signed context; commit it when the block ends well.

    It waits for whoever uses `key` right now.
    """
    async with acting(engine, scope, lock=None if key is None else _lock_of(scope, key)):
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
        async with unit_of_work(engine, scope, action, key) as uow:
            if key is not None:
                done = await _replay(scope, key)
                if done is not None:
                    return Outcome(changed=done, replayed=True)
            changed = await use_case(uow, draft)
            if key is not None:
                uow.remember(key, changed)
        return Outcome(changed=changed, once=dict(uow.once))
    except ForbiddenError as error:
        await deny(engine, scope, action, error)
        raise


async def deny(engine: CordeeEngine, scope: Scope, action: str, error: ForbiddenError) -> None:
    """Journal a denial in a transaction of its own."""
    async with acting(engine, scope):
        await journal(
            scope, "denied", action, subjects=set(), fields={str(error.params.get("permission"))},
            code=error.code,
        )  # fmt: skip


def _lock_of(scope: Scope, key: IdempotencyKey) -> int:
    owner = (scope.tenant, scope.actor.id, key.key, key.response_key)
    digest = hashlib.sha256("|".join(map(str, owner)).encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


async def _replay(scope: Scope, key: IdempotencyKey) -> Changed | None:
    """Return what was done under `key` before, by whoever had its lock."""
    row = await fetch_one(
        "SELECT body_hash, result FROM core.idempotency_keys"
        " WHERE tenant_id = $1 AND member_id = $2 AND key = $3 AND response_key = $4",
        scope.tenant, scope.actor.id, key.key, key.response_key,
    )  # fmt: skip
    if row is None:
        return None
    if row["body_hash"] != key.body_hash:
        raise IdempotencyMismatchError
    return msgspec.convert(row["result"], dict[str, UUID])
