"""Two cases of one person become one: the other ends as merged, what is open goes on in this."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.enter_stage import Entry, enter_stage, touch
from cordee_core.cases.guards import objection
from cordee_core.cases.lifecycle import ENDED
from cordee_core.cases.manifest import manifest_of, move_sections, told
from cordee_core.cases.move_case import against_move
from cordee_core.cases.tables import Case, Merger
from cordee_core.cases.timeline import add_entry
from cordee_core.cases.transitions import blocked
from cordee_core.database.rows import Found, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeDraft:
    """The case that ends, as it was read, the case that goes on, and why."""

    case: UUID
    row_version: int
    into: UUID
    reason: str


async def merge_cases(uow: UnitOfWork, draft: MergeDraft) -> Changed:
    """Merge a case into another one of the same person.

    Raises:
        InvalidInputError: they are one case, or not of one person; no reason is given.
        TransitionBlockedError: one of them has ended, or something else stands against it.
        StaleObjectError: the case changed since it was read.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_MOVE)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    case, other = await _both(draft)
    if other["stage"] in ENDED:
        raise blocked([objection(other["id"], "case_not_open")], "input", "intoId")
    if case["stage"] in ENDED:
        raise blocked([objection(case["id"], "case_closed")], "input", "caseId")
    objections = await against_move(uow, case, "merged")
    if objections:
        raise blocked(objections, "input", "caseId")
    manifest = await manifest_of(case["id"])
    await insert(
        Merger(
            tenant_id=scope.tenant, id=scope.new_id(), case_id=case["id"], into_id=other["id"],
            reason=reason, manifest=manifest, merged_at=scope.clock(), merged_by=scope.actor.id,
        )
    )  # fmt: skip
    await move_sections(case["id"], other["id"])
    await enter_stage(uow, case, Entry("merged", draft.row_version))
    moved = told(manifest)
    params = {"number": other["number"], "moved": moved, "reason": reason}
    await add_entry(scope, case["id"], "case_merged", params=params)
    params = {"number": case["number"], "moved": moved, "reason": reason}
    await add_entry(scope, other["id"], "case_absorbed", params=params)
    await touch(uow, other)
    return {"case": case["id"], "into": other["id"]}


async def _both(draft: MergeDraft) -> tuple[Found, Found]:
    """Return both cases locked, always in one order."""
    if draft.case == draft.into:
        raise problem(
            ("input", "intoId"),
            "a case is merged into another one",
            "un suivi se fusionne avec un autre",
        )
    rows = {one: await find(Case, one, lock=True) for one in sorted((draft.case, draft.into))}
    case, other = rows[draft.case], rows[draft.into]
    if case["person_id"] is None or case["person_id"] != other["person_id"]:
        raise problem(
            ("input", "intoId"),
            "the two cases are not about one person",
            "les deux suivis ne concernent pas la même personne",
        )
    return case, other
