"""One case gets a referent: the former designation ends where the new one begins."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import asyncpg

from cordee_core.access.scope import Scope
from cordee_core.cases.tables import Case, Designation
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.errors import ReferentConflictError
from cordee_core.members.tables import Member
from cordee_core.people.protect_person import give_access, take_access
from cordee_core.people.queries import leading_members
from cordee_core.referents.fitness import Path, need_fit
from cordee_core.referents.queries import last_designation
from cordee_core.tallies.queries import count_on
from cordee_core.validation import need_past, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """How a case is handed over; texts are checked already."""

    reason: str | None
    note: str | None = None
    on: date | None = None
    overlap_until: date | None = None
    conflict_answer: str = "not_asked"
    override: str | None = None


async def hand_over(uow: UnitOfWork, case: Found, member: Found, terms: Terms, path: Path) -> None:
    """Make `member` the referent of the locked `case`; `path` is where the member was named.

    Raises:
        ReferentConflictError: the member is the referent already.
        InvalidInputError: a handover gives no reason, or its dates don't fit.
        InterestConflictError, TrainingMissingError, CaseloadFullError: see `fitness.need_fit`.
    """
    scope, former = uow.scope, case["referent_id"]
    if former == member["id"]:
        raise ReferentConflictError(path=path)
    overridden = await need_fit(scope, case, member, terms.override, path)
    starts = await _starts(scope, case, terms)
    if former is not None:
        await _end_former(scope, case, terms, starts)
    await _begin(scope, case, member, terms, starts)
    await change(Case, case["id"], case["row_version"], {"referent_id": member["id"]})
    tally = {("case_referent", str(member["id"])): 1}
    if former is not None:
        tally["case_referent", str(former)] = -1
    await count_on(scope.tenant, tally)
    await _open_record(scope, case, member)
    await _tell(scope, case, member, terms)
    for subject in overridden:
        params = {"member": member["display_name"], "subject": subject, "reason": terms.override}
        await add_entry(scope, case["id"], "guard_overridden", params=params)
    uow.touched("Case", case["id"], person=case["person_id"], fields=("referent",))
    previous = {"previous": former} if former else {}
    uow.emit("cordee_referent_assigned", case=case["id"], **previous, referent=member["id"])


async def _starts(scope: Scope, case: Found, terms: Terms) -> datetime:
    """Return when the designation begins. Raises InvalidInputError where it would overlap."""
    moment, path = scope.clock(), ("input", "handedOn")
    on = terms.on or moment.date()
    need_past(on, moment.date(), *path)
    starts = moment if on == moment.date() else _midnight(on)
    last = await last_designation(case["id"])
    floor = None if last is None else last["ends_at"] or last["starts_at"]
    if floor is not None and starts < floor:
        raise problem(
            path,
            "the assignments would overlap: another referent was designated after that day",
            "les désignations se chevaucheraient : un autre référent a été désigné après ce jour",
        )
    if terms.overlap_until is not None and (last is None or last["ends_at"] is not None):
        raise problem(
            ("input", "overlapUntil"),
            "nobody hands over, so there is no overlap",
            "personne ne passe le relais : il n'y a pas de tuilage",
        )
    if terms.overlap_until is not None and terms.overlap_until < on:
        raise problem(
            ("input", "overlapUntil"),
            "the overlap would end before the handover",
            "le tuilage finirait avant le relais",
        )
    return starts


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


async def _end_former(scope: Scope, case: Found, terms: Terms, starts: datetime) -> None:
    if terms.reason is None:
        raise problem(
            ("input", "reason"),
            "a handover has a reason",
            "un changement de référent a un motif",
        )
    until = terms.overlap_until
    await Designation.update(
        {
            Designation.ends_at: starts,
            Designation.reads_until: (
                max(_midnight(until + timedelta(days=1)), starts) if until else None
            ),
        }
    ).where((Designation.case_id == case["id"]) & Designation.ends_at.is_null())


async def _begin(scope: Scope, case: Found, member: Found, terms: Terms, starts: datetime) -> UUID:
    designation = scope.new_id()
    try:
        await insert(
            Designation(
                tenant_id=scope.tenant, id=designation, case_id=case["id"],
                member_id=member["id"], starts_at=starts, reason=terms.reason, note=terms.note,
                conflict_answer=terms.conflict_answer, designated_by=scope.actor.id,
            )
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise ReferentConflictError(path=("input", "caseId")) from error
    return designation


async def _open_record(scope: Scope, case: Found, member: Found) -> None:
    """Give the new referent access to a protected person, and take the former one's.

    Such access has no end of its own, so there is no overlap for a protected person.
    """
    person, former = case["person_id"], case["referent_id"]
    if person is None or not case["protected"]:
        return
    await give_access(scope, person, member["id"], "referent")
    if former is not None and former not in await leading_members(person):
        await take_access(scope, person, former, "referent")


async def _tell(scope: Scope, case: Found, member: Found, terms: Terms) -> None:
    params: dict[str, object] = {"member": member["display_name"]}
    kind = "referent_designated"
    if case["referent_id"] is not None:
        former = await find(Member, case["referent_id"])
        kind = "referent_handed_over"
        params |= {"former": former["display_name"], "reason": terms.reason}
        if terms.overlap_until is not None:
            kind, params["until"] = f"{kind}_overlap", terms.overlap_until.isoformat()
    await add_entry(scope, case["id"], kind, params=params)
