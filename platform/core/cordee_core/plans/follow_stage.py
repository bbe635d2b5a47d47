"""When a case ends, what was still to be done in it is cancelled, in the same transaction."""

from cordee_core.cases.consequences import Move
from cordee_core.cases.lifecycle import ENDED
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.languages import catalogue
from cordee_core.obligations.open_obligation import cancel_obligations
from cordee_core.plans.queries import open_actions
from cordee_core.plans.settle_action import close_action


async def cancel_what_is_open(uow: UnitOfWork, move: Move) -> None:
    """Cancel the open actions and obligations of a case that has ended, each with the reason.

    Of a case that was transferred, obligations are not cancelled: they go with it.
    """
    if move.target not in ENDED:
        return
    reason = catalogue("words")[f"stage_{move.target}"]
    for action in await open_actions(case=move.case["id"]):
        await close_action(uow, action, "cancelled", reason)
        uow.touched("PlanAction", action["id"], person=move.case["person_id"], fields=("status",))
    if move.target != "transferred":
        await cancel_obligations(uow, move.case, reason)
