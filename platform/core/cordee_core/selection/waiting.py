"""The waiting list of a programme: entered, ordered by priority, and left, every change kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import TransitionBlockedError
from cordee_core.languages import catalogue
from cordee_core.programmes.tables import Programme
from cordee_core.selection.onward import Onward, checked_onward
from cordee_core.selection.places import free_places, take_place
from cordee_core.selection.queries import positions, statuses_of
from cordee_core.selection.tables import WaitingChange, WaitingEntry
from cordee_core.validation import need_text, problem

HIGHEST = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class PriorityDraft:
    """The entry as it was read, its new priority, the inputs that it rests on, and why."""

    entry: UUID
    row_version: int
    priority: int
    reason: str
    inputs: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, kw_only=True, slots=True)
class AdmitDraft:
    """The entry as it was read, and why; before others only with a reason."""

    entry: UUID
    row_version: int
    reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoveDraft:
    """The entry as it was read, why it leaves the list, the appeal route and what comes next."""

    entry: UUID
    row_version: int
    reason: str
    onward: Onward


async def set_priority(uow: UnitOfWork, draft: PriorityDraft) -> Changed:
    """Change the priority of a case that waits.

    Raises:
        TransitionBlockedError: it does not wait.
        InvalidInputError: the reason is missing, or the priority out of its limits.
        StaleObjectError: the entry changed since it was read.
        NotFoundError: there is no such entry.
    """
    uow.scope.require(Permission.CASE_DECIDE)
    row = await _waiting(draft.entry)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    priority = need_priority(draft.priority)
    key = queue_key(priority, row["since"], draft.entry)
    values = {"priority": priority, "queue_key": key}
    await change(WaitingEntry, draft.entry, draft.row_version, values)
    inputs = {**draft.inputs, "previous_priority": row["priority"]}
    await _record(uow, {**row, "priority": priority}, "priority", reason, inputs)
    return {"waiting_entry": draft.entry, "case": row["case_id"]}


async def admit_next(uow: UnitOfWork, draft: AdmitDraft) -> Changed:
    """Give a free place to a case that waits: the next, or another with the reason why.

    Raises:
        TransitionBlockedError: no place is free, it does not wait, or another comes first.
        StaleObjectError: the entry changed since it was read.
        NotFoundError: there is no such entry.
    """
    uow.scope.require(Permission.CASE_DECIDE)
    row = await find(WaitingEntry, draft.entry)
    await find(Programme, row["programme_id"], lock=True)
    row = await _waiting(draft.entry)
    free = await free_places(row["programme_id"])
    if free is not None and free < 1:
        raise blocked("places_taken", "waitingEntryId")
    position = (await positions([row["programme_id"]]))[draft.entry]
    reason = (draft.reason or "").strip()
    if position > 1 and not reason:
        raise blocked("not_next", "reason")
    told = need_text(reason or _NEXT, "input", "reason", longest=2000)
    await change(WaitingEntry, draft.entry, draft.row_version, {"status": "admitted"})
    await take_place(uow, await find(Case, row["case_id"]))
    await _record(uow, row, "admitted", told, {"free_places": free}, position=position)
    return {"waiting_entry": draft.entry, "case": row["case_id"]}


async def remove_waiting(uow: UnitOfWork, draft: RemoveDraft) -> Changed:
    """Take a case off the waiting list, with what a refusal asks for; it may be refused then.

    Raises:
        TransitionBlockedError: it does not wait.
        InvalidInputError: reason, appeal route or onward referral (or "none") is missing.
        StaleObjectError: the entry changed since it was read.
        NotFoundError: there is no such entry.
    """
    uow.scope.require(Permission.CASE_DECIDE)
    row = await _waiting(draft.entry)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    onward = checked_onward(draft.onward, required=True)
    await change(WaitingEntry, draft.entry, draft.row_version, {"status": "removed"})
    await _record(uow, row, "removed", reason, onward.as_inputs())
    return {"waiting_entry": draft.entry, "case": row["case_id"]}


async def enter_list(
    uow: UnitOfWork, case: Found, priority: int, reason: str, inputs: Mapping[str, object]
) -> UUID:
    """Put an admitted case on the waiting list of its programme; return the entry's id."""
    scope, entry, moment = uow.scope, uow.scope.new_id(), uow.scope.clock()
    row = {
        "id": entry, "case_id": case["id"], "programme_id": case["programme_id"],
        "priority": need_priority(priority), "since": moment, "status": "waiting",
        "queue_key": queue_key(priority, moment, entry),
    }  # fmt: skip
    await insert(WaitingEntry(tenant_id=scope.tenant, **row))
    await _record(uow, row, "entered", reason, inputs)
    return entry


def queue_key(priority: int, since: datetime, entry: UUID) -> str:
    """Return what orders the queue: the higher priority first, then who waits longer."""
    moment = since.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{HIGHEST - priority:04d} {moment} {entry}"


def need_priority(value: int) -> int:
    """Return a priority: 0 to 1000, the higher the sooner. Raises InvalidInputError."""
    if not 0 <= value <= HIGHEST:
        raise problem(
            ("input", "priority"),
            "a priority is a number from 0 to 1000",
            "une priorité est un nombre de 0 à 1000",
        )
    return value


def blocked(code: str, *path: str) -> TransitionBlockedError:
    """Return the error of something that stands against a step of the waiting list."""
    texts = catalogue("objections")[code]
    return TransitionBlockedError(path=("input", *path), codes=[code], objections=texts)


async def _waiting(entry: UUID) -> Found:
    row = await find(WaitingEntry, entry, lock=True)
    if row["status"] != "waiting":
        raise blocked("not_waiting", "waitingEntryId")
    return row


async def _record(
    uow: UnitOfWork,
    row: Mapping[str, object],
    kind: str,
    reason: str,
    inputs: Mapping[str, object],
    *,
    position: int | None = None,
) -> None:
    """Keep one change with its inputs, and tell it in the case's timeline."""
    scope, entry, case = uow.scope, UUID(str(row["id"])), UUID(str(row["case_id"]))
    if position is None:
        position = (await positions([UUID(str(row["programme_id"]))])).get(entry)
    await insert(
        WaitingChange(
            tenant_id=scope.tenant, id=scope.new_id(), entry_id=entry, case_id=case, kind=kind,
            priority=row["priority"], position=position, inputs=dict(inputs), reason=reason,
            at=scope.clock(), member_id=scope.actor.id,
        )
    )  # fmt: skip
    params = {"priority": row["priority"], "position": position or "–", "reason": reason}
    await add_entry(scope, case, f"waiting_{kind}", params=params)
    found = await find(Case, case)
    uow.touched("WaitingEntry", entry, person=found["person_id"], fields=("status", "priority"))


async def given_up(cases: set[UUID]) -> set[UUID]:
    """Return those of the cases that were taken off the waiting list."""
    return {case for case, status in (await statuses_of(cases)).items() if status == "removed"}


_NEXT = "next on the list"
