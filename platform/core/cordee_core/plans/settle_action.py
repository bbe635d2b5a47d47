"""An action is done, or is given up with a reason."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, StaleObjectError
from cordee_core.languages import Text, pick
from cordee_core.plans.tables import PlanAction
from cordee_core.plans.versions import open_version
from cordee_core.validation import maybe_text, need_text


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionSettled:
    """The action as it was read, and a word about it."""

    action: UUID
    row_version: int
    reason: str | None = None


async def finish_action(uow: UnitOfWork, draft: ActionSettled) -> Changed:
    """Note that the action is done.

    Raises:
        AlreadyDecidedError: it is done or given up.
        StaleObjectError: it changed since it was read.
        TransitionBlockedError: the case has ended.
        NotFoundError: there is no such action.
    """
    uow.scope.require(Permission.CASE_WRITE)
    note = maybe_text(draft.reason, "input", "note", longest=2000)
    return await _settle(uow, draft, "done", note)


async def give_up_action(uow: UnitOfWork, draft: ActionSettled) -> Changed:
    """Give the action up, with its reason. Raises as `finish_action`.

    Raises:
        InvalidInputError: no reason is given.
    """
    uow.scope.require(Permission.CASE_WRITE)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    return await _settle(uow, draft, "cancelled", reason)


async def _settle(
    uow: UnitOfWork, draft: ActionSettled, status: str, reason: str | None
) -> Changed:
    row = await find(PlanAction, draft.action)
    opened = await open_version(uow, row["plan_id"])
    row = await find(PlanAction, draft.action, lock=True)
    if row["status"] != "open":
        raise AlreadyDecidedError(path=("input", "actionId"))
    if row["row_version"] != draft.row_version:
        raise StaleObjectError(path=("input", "rowVersion"))
    await close_action(uow, row, status, reason)
    uow.touched("PlanAction", row["id"], person=opened.row["person_id"], fields=("status",))
    return {"action": row["id"], "plan": row["plan_id"], "case": row["case_id"]}


async def close_action(uow: UnitOfWork, row: Found, status: str, reason: str | Text | None) -> None:
    """Write that an open action is done or cancelled, and say so in the timeline."""
    scope = uow.scope
    told = reason if reason is None or isinstance(reason, str) else dict(reason)
    await PlanAction.update(
        {
            PlanAction.status: status,
            PlanAction.settled_at: scope.clock(),
            PlanAction.settled_by: scope.member.id if scope.member else None,
            PlanAction.reason: pick(told, scope.language) if isinstance(told, dict) else told,
            PlanAction.row_version: row["row_version"] + 1,
        }
    ).where(PlanAction.id == row["id"])
    kind = f"action_{status}" if told else "action_done_plainly"
    params = {"action": row["description"], "reason": told or ""}
    await add_entry(scope, row["case_id"], kind, params=params)
