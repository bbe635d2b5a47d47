"""What needs, safety plans and plans have against a change of stage (`domain.md` §2)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from cordee_core.assessments.queries import models_of
from cordee_core.contracts import Objection, TenantView, TransitionRequest
from cordee_core.languages import LANGUAGES, Text, catalogue, pick, say
from cordee_core.markers import hookimpl
from cordee_core.needs.queries import cases_with_strength_or_wish
from cordee_core.obligations.queries import flagged_cases
from cordee_core.plans.model import AGREE, IN_FORCE, incomplete, unsigned
from cordee_core.plans.queries import (
    actions_to_check,
    cases_with_safety_plan,
    current_plans,
    goals_without_attainment,
)
from cordee_core.programmes.model import ModelTemplate

_SHOWN = 80


class NeedGuards:
    """Before planning: a strength or a wish, or why not; a safety plan where a risk is flagged."""

    @hookimpl
    async def cordee_check_transitions(
        self, tenant: TenantView, requests: Sequence[TransitionRequest]
    ) -> Iterable[Objection]:
        """Object to planning without strength or wish, or with a risk and no safety plan."""
        asked = [one for one in requests if (one.source, one.target) in _INTO_PLANNING]
        if not asked:
            return ()
        cases = {one.case.id for one in asked}
        strong = await cases_with_strength_or_wish(tenant.id, cases)
        at_risk = await flagged_cases(tenant.id, cases)
        at_risk -= await cases_with_safety_plan(tenant.id, at_risk)
        weak = [_against(one, "strength_missing") for one in asked if one.case.id not in strong]
        return [
            *weak,
            *(_against(one, "safety_plan_missing") for one in asked if one.case.id in at_risk),
        ]


_INTO_PLANNING = {("assessment", "planning"), ("reopened", "planning")}


class PlanGuards:
    """Before implementation: agreed, signed, approved and complete. Before evaluation: scored."""

    @hookimpl
    async def cordee_check_transitions(
        self, tenant: TenantView, requests: Sequence[TransitionRequest]
    ) -> Iterable[Objection]:
        """Object to plans that are not ready to be carried out, and to goals nobody scored."""
        carried = [
            one for one in requests if one.target == "implementation" and one.source != "on_hold"
        ]
        found = await _carried_out(tenant.id, carried) if carried else []
        judged = [one for one in requests if one.target == "evaluation"]
        if judged:
            missing = await goals_without_attainment(tenant.id, {one.case.id for one in judged})
            found += [
                _against(one, "goal_not_scored", goal=_short(goal["wording"]))
                for one in judged
                for goal in missing.get(one.case.id, ())
            ]
        return found


async def _carried_out(tenant: UUID, asked: Sequence[TransitionRequest]) -> list[Objection]:
    cases = {one.case.id for one in asked}
    models = await models_of(tenant, cases)
    plans, actions = await current_plans(tenant, cases), await actions_to_check(tenant, cases)
    found: list[Objection] = []
    for one in asked:
        model = models[one.case.id]
        if not plans.get(one.case.id):
            found.append(_against(one, "plan_missing"))
        for plan in plans.get(one.case.id, ()):
            found += _not_ready(one, model, plan)
        found += [
            _against(one, "action_incomplete", action=_short(action["description"]))
            for action in actions.get(one.case.id, ())
            if incomplete(action)
        ]
    return found


def _not_ready(
    request: TransitionRequest, model: ModelTemplate, plan: Mapping[str, Any]
) -> Iterable[Objection]:
    """Yield what the newest version of one person's plan lacks."""
    if plan["status"] not in IN_FORCE:
        yield _against(request, "plan_not_agreed")
    if not plan["goals"] and plan["status"] != "waived":
        yield _against(request, "plan_empty")
    if plan["status"] != "waived":
        for signatory in unsigned(model, plan["agreements"]):
            yield _against(request, "plan_signatory_missing", signatory=signatory.name)
    roles = model.approvers(AGREE)
    if roles and not plan["approved"]:
        yield _against(request, "plan_not_approved", role=_roles(roles))


def _roles(roles: Iterable[str]) -> Text:
    words = catalogue("words")
    return {
        language: ", ".join(
            pick(words[f"role_{one}"], language) if f"role_{one}" in words else one
            for one in sorted(roles)
        )
        for language in LANGUAGES
    }


def _against(request: TransitionRequest, code: str, **params: str | Text) -> Objection:
    text: dict[str, str] = {
        language: say(
            "objections", code, language,
            **{
                name: value if isinstance(value, str) else pick(value, language)
                for name, value in params.items()
            },
        )
        for language in LANGUAGES
    }  # fmt: skip
    return Objection(case_id=request.case.id, code=code, text=text, target=request.target)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
