"""A case enters a stage: the one place where stages are written, with all that goes with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from cordee_core.cases.consequences import Move, follow
from cordee_core.cases.lifecycle import ENDED, Standing, step
from cordee_core.cases.queries import end_designation, persons_in_household
from cordee_core.cases.tables import Case, StageChange
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, insert
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.errors import DuplicateCaseError
from cordee_core.languages import catalogue
from cordee_core.tallies.queries import count_on


@dataclass(frozen=True, slots=True)
class Entry:
    """The stage that a case enters; `interruption` is the act that moved many."""

    target: str
    row_version: int
    reason: str | None = None
    interruption: UUID | None = None


async def enter_stage(uow: UnitOfWork, case: Found, entry: Entry) -> None:
    """Write the change of stage, its history, counts and timeline, and all that follows.

    `case` is the row as it is, locked; whoever calls has asked what stands against it.

    Raises:
        IllegalMoveError: no model could provide for it.
        DuplicateCaseError: another case was opened in the place of the one reopened.
        StaleObjectError: the case changed since it was read.
    """
    scope, moment = uow.scope, uow.scope.clock()
    after = step(Standing(case["stage"], case["held_from"]), entry.target)
    number = case["stage_number"] + 1
    await record_change(uow, case["id"], number, case["stage"], entry)
    try:
        await change(Case, case["id"], entry.row_version, _values(case, after, number, moment))
    except asyncpg.UniqueViolationError as error:
        raise DuplicateCaseError(path=("input", "caseId")) from error
    if after.stage in ENDED:
        await end_designation(case["id"], moment)
    await count_on(scope.tenant, _tally(case, after.stage))
    words = catalogue("words")
    params: dict[str, object] = {
        "from_stage": words[f"stage_{case['stage']}"],
        "to_stage": words[f"stage_{after.stage}"],
    }
    kind = "stage_changed"
    if entry.reason is not None:
        kind, params["reason"] = "stage_changed_because", entry.reason
    await add_entry(scope, case["id"], kind, params=params)
    await touch(uow, case, "stage")
    await follow(uow, Move(case, case["stage"], after.stage, moment))


async def record_change(
    uow: UnitOfWork, case: UUID, number: int, source: str | None, entry: Entry
) -> None:
    """Write the row of a change of stage; the opening comes from None."""
    scope = uow.scope
    await insert(
        StageChange(
            tenant_id=scope.tenant, id=scope.new_id(), case_id=case, number=number,
            from_stage=source, to_stage=entry.target, at=scope.clock(),
            member_id=scope.member.id if scope.member else None, reason=entry.reason,
            interruption_id=entry.interruption,
        )
    )  # fmt: skip


async def touch(uow: UnitOfWork, case: Found, *fields: str) -> None:
    """Note for the journal that the case was written, for each person whom it is about."""
    uow.touched("Case", case["id"], person=case["person_id"], fields=fields)
    if case["subject_kind"] == "household":
        uow.subjects.update(await persons_in_household(case["id"]))


def _values(case: Found, after: Standing, number: int, moment: datetime) -> Mapping[str, object]:
    values: dict[str, object] = {
        "stage": after.stage,
        "stage_number": number,
        "stage_since": moment,
        "held_from": after.held_from,
    }
    if after.stage == "reopened" and case["stage"] == "closed":
        values["reopened_at"] = moment
    if after.stage in ENDED:
        values["referent_id"] = None
    return values


def _tally(case: Found, target: str) -> dict[tuple[str, str], int]:
    """Return what the move changes of the dashboard's counts."""
    counted = {("case_stage", case["stage"]): -1, ("case_stage", target): 1}
    if target in ENDED and case["referent_id"] is not None:
        counted["case_referent", str(case["referent_id"])] = -1
    return counted
