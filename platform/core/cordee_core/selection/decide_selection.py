"""The selection: the programme's criteria are evaluated, a person decides and says why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import decision_of
from cordee_core.cases.tables import Case, SelectionDecision
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError
from cordee_core.programmes.definition import parse_draft
from cordee_core.programmes.parts import Profile
from cordee_core.programmes.tables import Programme, ProgrammeVersion
from cordee_core.rules import Rule, RuleResult
from cordee_core.selection.criteria import (
    checked_evaluation,
    chosen_profile,
    criteria_of,
    outcome_text,
)
from cordee_core.selection.onward import Onward, checked_onward
from cordee_core.selection.places import free_places, take_place
from cordee_core.selection.waiting import HIGHEST, enter_list, need_priority
from cordee_core.validation import need_one_of, need_text

__all__ = ["DECISIONS", "SelectionDraft", "decide_selection"]

DECISIONS = ("admitted", "refused")


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectionDraft:
    """The facts, the decision, its reason; a refusal names the appeal route and what comes next.

    `onward_none` says that there is no onward referral. `wait` puts an admitted case on the
    waiting list though places are free; `priority` is its priority there.
    """

    case: UUID
    facts: Mapping[str, object]
    decision: str
    reason: str
    profile: str | None = None
    on: date | None = None
    appeal_route: str | None = None
    onward_referral: str | None = None
    onward_none: bool = False
    priority: int | None = None
    wait: bool = False

    @property
    def onward(self) -> Onward:
        """What is said of appeal and of what comes next."""
        return Onward(
            appeal_route=self.appeal_route,
            onward_referral=self.onward_referral,
            none=self.onward_none,
        )


async def decide_selection(uow: UnitOfWork, draft: SelectionDraft) -> Changed:
    """Record the decision with criteria, version, facts, outcome, decider and reason.

    The outcome is indicative: the decision may differ from it, and says why. Where all places of
    the programme are taken, an admitted case goes on the waiting list.

    Raises:
        AlreadyDecidedError: the case has a decision.
        InvalidInputError: facts or reasons are missing or malformed.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_DECIDE)
    case = await find(Case, draft.case, lock=True)
    if await decision_of(draft.case) is not None or case["stage"] != "intake":
        raise AlreadyDecidedError(path=("input", "caseId"))
    decision = need_one_of(draft.decision, DECISIONS, "input", "decision")
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    onward = checked_onward(draft.onward, required=decision == "refused")
    on = draft.on or scope.clock().date()
    profile, rule, result = await _evaluated(uow, case, draft, on)
    identifier = scope.new_id()
    await insert(
        SelectionDecision(
            tenant_id=scope.tenant, id=identifier, case_id=draft.case, profile=profile.code,
            criteria_code=rule.code, criteria_version=rule.version, evaluated_on=on,
            facts=dict(draft.facts), outcome=result.outcome or "unknown", result=result.as_json(),
            decision=decision, reason=reason, appeal_route=onward.appeal_route,
            onward_referral=onward.onward_referral, onward_none=onward.none,
            decided_by=scope.actor.id, decided_at=scope.clock(),
        )
    )  # fmt: skip
    params = {"outcome": outcome_text(rule, result.outcome), "reason": reason}
    await add_entry(scope, draft.case, f"selection_{decision}", params=params)
    uow.touched("SelectionDecision", identifier, person=case["person_id"])
    waiting = await _maybe_wait(uow, case, draft, decision, reason, result)
    return {"case": draft.case, "decision": identifier, **waiting}


async def _evaluated(
    uow: UnitOfWork, case: Found, draft: SelectionDraft, on: date
) -> tuple[Profile, Rule, RuleResult]:
    """Return the profile, its criteria in the case's programme version and what they say."""
    version = await find(ProgrammeVersion, UUID(str(case["programme_version_id"])))
    profile = chosen_profile(parse_draft(version["definition"]).target_group, draft.profile)
    rule = criteria_of(uow.scope, profile)
    return profile, rule, checked_evaluation(rule, draft.facts, on)


async def _maybe_wait(
    uow: UnitOfWork,
    case: Found,
    draft: SelectionDraft,
    decision: str,
    reason: str,
    result: RuleResult,
) -> Changed:
    """Put the admitted case on the waiting list where no place is left, or where it was asked."""
    if draft.priority is not None:
        need_priority(draft.priority)
    if decision != "admitted":
        return {}
    await find(Programme, case["programme_id"], lock=True)
    free = await free_places(case["programme_id"])
    if not draft.wait and (free is None or free > 0):
        await take_place(uow, case)
        return {}
    priority = _computed(result) if draft.priority is None else draft.priority
    inputs = {
        "facts": dict(draft.facts), "criteria": result.versions.rule, "outcome": result.outcome,
        "free_places": free,
    }  # fmt: skip
    return {"waiting_entry": await enter_list(uow, case, priority, reason, inputs)}


def _computed(result: RuleResult) -> int:
    """Return the priority that the criteria compute (their output ``priority``), 0 without one."""
    found = result.outputs.get("priority")
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)):
        return 0
    return max(0, min(int(found), HIGHEST))
