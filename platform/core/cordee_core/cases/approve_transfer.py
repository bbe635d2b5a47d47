"""Both sides approve a transfer: with the second approval it happens, in one transaction."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.begin_case import Opening, begin_case
from cordee_core.cases.enter_stage import Entry, enter_stage
from cordee_core.cases.guards import objection
from cordee_core.cases.manifest import manifest_of, move_sections, moving, told
from cordee_core.cases.move_case import against_move
from cordee_core.cases.queries import persons_in_household
from cordee_core.cases.subject import Subject
from cordee_core.cases.tables import Case, Transfer
from cordee_core.cases.timeline import add_entry
from cordee_core.cases.transfer_case import may_give, may_receive, open_transfer, target_version
from cordee_core.cases.transitions import blocked
from cordee_core.database.rows import Found, change, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import ForbiddenError
from cordee_core.validation import need_one_of, problem

SIDES = ("giving", "receiving")
_APPROVER = {"giving": "giver_id", "receiving": "receiver_id"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalDraft:
    """The transfer as it was read, and the side in whose name it is approved."""

    transfer: UUID
    row_version: int
    side: str


async def approve_transfer(uow: UnitOfWork, draft: ApprovalDraft) -> Changed:
    """Approve in the name of one side; with both approvals the case goes on in its new place.

    Raises:
        TransitionBlockedError: it is settled; or, with the second approval, something stands
            against it: no consent, another manifest than the one that was read.
        InvalidInputError: one member speaks for both sides.
        ForbiddenError: the member does not speak for that side.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such transfer.
    """
    scope = uow.scope
    scope.require(Permission.CASE_MOVE)
    side = need_one_of(draft.side, SIDES, "input", "side")
    transfer = await open_transfer(draft.transfer)
    case = await find(Case, transfer["case_id"], lock=True)
    speaks = may_give(uow, case) if side == "giving" else may_receive(uow, transfer)
    if not speaks:
        raise ForbiddenError(permission=str(Permission.CASE_ASSIGN))
    other = transfer[_APPROVER[SIDES[1 - SIDES.index(side)]]]
    if other == scope.actor.id:
        raise problem(
            ("input", "side"),
            "the two sides are two members",
            "les deux côtés sont deux membres différents",
        )
    when = "given_at" if side == "giving" else "received_at"
    values = {_APPROVER[side]: scope.actor.id, when: scope.clock()}
    await change(Transfer, draft.transfer, draft.row_version, values)
    await add_entry(scope, case["id"], f"transfer_approved_{side}")
    uow.touched("Transfer", draft.transfer, person=case["person_id"], fields=values)
    if other is None:
        return {"transfer": draft.transfer, "case": case["id"]}
    return await _carry_out(uow, {**transfer, "row_version": draft.row_version + 1}, case["id"])


async def _carry_out(uow: UnitOfWork, transfer: Found, identifier: UUID) -> Changed:
    scope = uow.scope
    case = await find(Case, identifier)
    manifest = await manifest_of(case["id"])
    objections = [
        one
        for one in await against_move(uow, case, "transferred")
        if one.code != "transfer_missing"
    ]
    if moving(manifest) != moving(transfer["manifest"]):
        objections.append(objection(case["id"], "transfer_changed"))
    if objections:
        raise blocked(objections, "input", "transferId")
    opening = await _opening(transfer, case)
    await enter_stage(uow, case, Entry("transferred", case["row_version"], transfer["reason"]))
    new, number = await begin_case(uow, opening)
    await move_sections(case["id"], new)
    settled = {"state": "done", "new_case_id": new, "settled_at": scope.clock()}
    await change(Transfer, transfer["id"], transfer["row_version"], settled)
    moved = told(manifest)
    params = {"number": number, "moved": moved}
    await add_entry(scope, case["id"], "transfer_done", params=params)
    params = {"number": case["number"], "moved": moved}
    await add_entry(scope, new, "transfer_received", params=params)
    return {"transfer": transfer["id"], "case": case["id"], "new_case": new}


async def _opening(transfer: Found, case: Found) -> Opening:
    """Return how the case begins in its new place: the same people, the same request."""
    household: tuple[UUID, ...] = ()
    if case["subject_kind"] == "household":
        household = tuple(await persons_in_household(case["id"]))
    subject = Subject(
        person=case["person_id"], household=household, household_id=case["household_id"],
        group_label=case["group_label"], group_size=case["group_size"],
        protected=case["protected"],
    )  # fmt: skip
    version = await target_version(transfer["programme_id"], transfer["team_id"])
    return Opening(
        subject=subject, programme=transfer["programme_id"], version=version,
        team=transfer["team_id"], source=case["request_source"], detail=case["request_detail"],
        requested_on=case["requested_on"], model=transfer["model_id"],
    )  # fmt: skip
