"""An action is written: who does what by when, by which method, for which goal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.members.tables import Member
from cordee_core.plans.model import RESPONSIBLES
from cordee_core.plans.tables import PlanAction, PlanGoal
from cordee_core.plans.versions import Opened, open_draft, programme_of
from cordee_core.services.tables import Service
from cordee_core.validation import maybe_text, need_one_of, need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionDraft:
    """What is done; a draft may lack what the guard before implementation asks for."""

    plan: UUID
    description: str
    goal: UUID | None = None
    responsible: str | None = None
    member: UUID | None = None
    responsible_name: str | None = None
    due_on: date | None = None
    method: str | None = None
    service: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionChange:
    """The action as it was read, and the values that change by the name of their field."""

    action: UUID
    row_version: int
    values: Mapping[str, Any]


async def add_action(uow: UnitOfWork, draft: ActionDraft) -> Changed:
    """Add the action to a draft.

    Raises:
        InvalidInputError: the responsible is not said as their kind asks, the programme has no such
            method, or the goal belongs to another version.
        TransitionBlockedError: the version is frozen.
        NotFoundError: there is no such plan, goal, member or service.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    opened = await open_draft(uow, draft.plan)
    values = await _values(opened, draft)
    action = scope.new_id()
    await insert(
        PlanAction(
            tenant_id=scope.tenant, id=action, plan_id=draft.plan, case_id=opened.case["id"],
            status="open", created_at=scope.clock(), created_by=scope.actor.id, **values,
        )
    )  # fmt: skip
    params = {"action": values["description"]}
    await add_entry(scope, opened.case["id"], "action_added", params=params)
    uow.touched("PlanAction", action, person=opened.row["person_id"])
    return {"action": action, "plan": draft.plan, "case": opened.case["id"]}


async def change_action(uow: UnitOfWork, draft: ActionChange) -> Changed:
    """Change an action of a draft. Raises as `add_action`.

    Raises:
        StaleObjectError: the action changed since it was read.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    row = await find(PlanAction, draft.action)
    opened = await open_draft(uow, row["plan_id"])
    kept = {name: row[_COLUMNS.get(name, name)] for name in _WRITTEN}
    merged = {**kept, **draft.values}
    if "responsible" in draft.values:
        merged |= {name: draft.values.get(name) for name in ("member", "responsible_name")}
    values = await _values(opened, ActionDraft(plan=row["plan_id"], **merged))
    await change(PlanAction, draft.action, draft.row_version, values)
    params = {"action": values["description"]}
    await add_entry(scope, opened.case["id"], "action_changed", params=params)
    uow.touched("PlanAction", draft.action, person=opened.row["person_id"], fields=draft.values)
    return {"action": draft.action, "plan": row["plan_id"], "case": opened.case["id"]}


_COLUMNS = {
    "goal": "goal_id", "member": "member_id", "method": "method_code", "service": "service_id",
}  # fmt: skip
_WRITTEN = (
    *("description", "goal", "responsible", "member", "responsible_name", "due_on", "method"),
    "service",
)


async def _values(opened: Opened, draft: ActionDraft) -> dict[str, Any]:
    if draft.goal is not None and (await find(PlanGoal, draft.goal))["plan_id"] != draft.plan:
        raise problem(
            ("input", "goalId"),
            "the goal belongs to another version of the plan",
            "l'objectif appartient à une autre version du plan",
        )
    if draft.method is not None:
        methods = [one.code for one in (await programme_of(opened.case)).methods]
        need_one_of(draft.method, methods, "input", "method")
    if draft.service is not None:
        await find(Service, draft.service)
    return {
        "description": need_text(draft.description, "input", "description", longest=5000),
        "goal_id": draft.goal,
        "due_on": draft.due_on,
        "method_code": draft.method,
        "service_id": draft.service,
        **await _responsible(draft),
    }


async def _responsible(draft: ActionDraft) -> dict[str, Any]:
    """Return who is responsible: a member by id, a relative or provider by name, or the person."""
    kind = draft.responsible
    if kind is not None:
        need_one_of(kind, RESPONSIBLES, "input", "responsible")
    name = maybe_text(draft.responsible_name, "input", "responsibleName")
    if (kind == "member") is not (draft.member is not None):
        raise problem(
            ("input", "memberId"),
            "a member is named where, and only where, a member is responsible",
            "un membre est nommé si, et seulement si, un membre est responsable",
        )
    if (kind in ("relative", "provider")) is not (name is not None):
        raise problem(
            ("input", "responsibleName"),
            "a name is given for a relative or a provider, and for nobody else",
            "un nom est donné pour un proche ou un prestataire, et pour personne d'autre",
        )
    if draft.member is not None and (await find(Member, draft.member))["status"] != "active":
        raise problem(
            ("input", "memberId"),
            "this member has left the organisation",
            "ce membre a quitté l'organisation",
        )
    return {"responsible": kind, "member_id": draft.member, "responsible_name": name}
