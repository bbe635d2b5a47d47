"""Delivers one message of the outbox to its plugin: at least once, its effect exactly once.

Three transactions, each under the tenant's signed context. The first counts the attempt, so that
a process killed in the middle has used one up. The second locks the message, calls the hook and
marks the message done in the same commit as what the hook did. The third, only after a failure,
says when to try again, or parks the message as a dead letter. The number of the attempt
fences: whoever holds an older one changes nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import structlog

from cordee_core.access.context import ContextKeys
from cordee_core.access.scope import Scope
from cordee_core.clock import Clock, now
from cordee_core.database.engine import CordeeEngine, Row
from cordee_core.errors import CordeeError
from cordee_core.hookspecs import EVENT
from cordee_core.outbox import queries
from cordee_core.outbox.effects import DeliveryEffects
from cordee_core.outbox.views import load_views
from cordee_core.plugins import dispatch
from cordee_core.plugins.host import PluginHost

MAX_ATTEMPTS = 5
WORKER_LOST = "worker_lost"
"""Code of a dead letter whose attempts all ended without a word: the process died each time."""

_FIRST_RETRY = timedelta(seconds=5)
_LAST_RETRY = timedelta(hours=1)
_HELD = timedelta(seconds=1)
_NOT_LOADED = timedelta(minutes=1)
_SKEW = timedelta(seconds=2)
_TERM = timedelta(seconds=dispatch.EVENT_SECONDS + 30)
_LAST_EVENT = "cordee_plugin_disabled"
"""The one event that a plugin hears of after its end."""

log = structlog.get_logger(__name__)


class Delivery(StrEnum):
    """What became of a delivery."""

    DONE = "done"
    SKIPPED = "skipped"
    """Marked done without a call: the plugin is disabled, or does not listen to this event."""
    SETTLED = "settled"
    """It was done or parked before."""
    POSTPONED = "postponed"
    """Not yet: not due, an earlier event of the case is open, or the plugin is not loaded here."""
    ELSEWHERE = "elsewhere"
    """Somebody else delivers it, or the tenant has no such message."""
    FAILED = "failed"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class _Job:
    """One attempt at one message."""

    engine: CordeeEngine
    scope: Scope
    message: UUID

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Open a transaction under the tenant's context, signed for the hook's whole time."""
        async with self.engine.transaction(cordee__context=self.scope.signed(_TERM)):
            yield


async def deliver(
    engine: CordeeEngine,
    keys: ContextKeys,
    host: PluginHost,
    tenant: UUID,
    message: UUID,
    *,
    clock: Clock = now,
) -> Delivery:
    """Deliver `message` of `tenant`; what the hook does and the mark are one commit.

    A failure of the plugin is no exception here: it is written down and tried again later. What
    is raised is a failure of the database; the relay sends the message again.
    """
    job = _Job(engine, Scope(tenant=tenant, keys=keys, host=host, clock=clock), message)
    async with job.transaction():
        attempt = await _claim(job)
    if isinstance(attempt, Delivery):
        return attempt
    try:
        async with job.transaction():
            return await _work(job, attempt)
    except Exception as error:
        code = error.code if isinstance(error, CordeeError) else CordeeError.code
        log.warning(
            "delivery failed", exc_info=error, tenant_id=str(tenant), outbox_id=str(message),
            attempt=attempt, code=code,
        )  # fmt: skip
    async with job.transaction():
        return await _fail(job, attempt, code)


async def _claim(job: _Job) -> Delivery | int:
    """Count an attempt and return its number, or say why there is nothing to attempt."""
    row = await queries.lock_if_free(job.scope.tenant, job.message)
    if row is None:
        return Delivery.ELSEWHERE
    if row["settled"]:
        return Delivery.SETTLED
    if row["attempts"] >= MAX_ATTEMPTS:
        return await _park(job, WORKER_LOST, row["attempts"])
    later = _not_before(job, row)
    if later is not None:
        await queries.postpone(job.scope.tenant, job.message, later)
        return Delivery.POSTPONED
    return await queries.count_attempt(job.scope.tenant, job.message)


def _not_before(job: _Job, row: Row) -> datetime | None:
    """Return when the message can be delivered, None for now."""
    moment: datetime = job.scope.clock()
    due: datetime = row["due_at"]
    if due > moment + _SKEW:
        return due
    if row["held_until"] is not None:
        held: datetime = row["held_until"]
        return max(moment + _HELD, held)
    known = row["event"] in EVENT and row["consumer"] in job.scope.host.manifests
    return None if known or not _wanted(row) else moment + _NOT_LOADED


def _wanted(row: Row) -> bool:
    """Tell whether the consumer is to hear of the event, as things stand now."""
    return bool(row["enabled"] or row["event"] == _LAST_EVENT)


async def _work(job: _Job, attempt: int) -> Delivery:
    """Call the hook and mark the message done."""
    row = await queries.lock(job.scope.tenant, job.message)
    if row is None or row["attempts"] != attempt:
        return Delivery.ELSEWHERE
    if row["settled"]:
        return Delivery.SETTLED
    listens = bool(dispatch.consumers(job.scope.host, row["event"], {row["consumer"]}))
    if called := _wanted(row) and listens:
        await _call(job, row)
    await queries.mark_done(job.scope.tenant, job.message, job.scope.clock())
    return Delivery.DONE if called else Delivery.SKIPPED


async def _call(job: _Job, row: Row) -> None:
    event, plugin = row["event"], row["consumer"]
    ids = dict(row["payload"])
    if row["case_id"] is not None:
        ids.setdefault("case", str(row["case_id"]))
    given = await load_views(job.scope.tenant, EVENT[event], ids)
    effects = DeliveryEffects(job.engine, job.scope, plugin, row["settings"])
    if "settings" in EVENT[event]:
        given["settings"] = effects.declared(job.scope.host.settings_types.get(plugin))
    await dispatch.deliver(job.scope.host, event, plugin, effects=effects, **given)
    await effects.record(event)


async def _fail(job: _Job, attempt: int, code: str) -> Delivery:
    """Write down when to try again; the last attempt parks the message."""
    row = await queries.lock(job.scope.tenant, job.message)
    if row is None or row["attempts"] != attempt:
        return Delivery.ELSEWHERE
    if row["settled"]:
        return Delivery.SETTLED
    if attempt >= MAX_ATTEMPTS:
        return await _park(job, code, attempt)
    due = job.scope.clock() + back_off(attempt)
    await queries.postpone(job.scope.tenant, job.message, due)
    return Delivery.FAILED


async def _park(job: _Job, code: str, attempts: int) -> Delivery:
    await queries.park(
        job.scope.tenant, job.message, job.scope.new_id(), code, attempts, job.scope.clock()
    )
    log.error(
        "message parked, a person must settle it", tenant_id=str(job.scope.tenant),
        outbox_id=str(job.message), attempt=attempts, code=code,
    )  # fmt: skip
    return Delivery.PARKED


def back_off(attempt: int) -> timedelta:
    """Return how long to wait after the failed `attempt`: 10, 20, 40, 80 s …, at most 1 h."""
    return min(_FIRST_RETRY * (1 << min(attempt, 20)), _LAST_RETRY)
