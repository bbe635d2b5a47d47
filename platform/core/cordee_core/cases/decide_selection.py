"""The selection: the programme's criteria are evaluated, a person decides and says why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import decision_of
from cordee_core.cases.tables import Case, SelectionDecision
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, InvalidInputError
from cordee_core.languages import catalogue
from cordee_core.programmes.definition import parse_draft
from cordee_core.programmes.parts import Profile
from cordee_core.programmes.tables import ProgrammeVersion
from cordee_core.rules import Rule, RuleResult, evaluate, parse_rule
from cordee_core.validation import EMPTY, maybe_text, need_one_of, need_text, problem

DECISIONS = ("admitted", "refused")


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectionDraft:
    """The facts, the decision, its reason; a refusal names the appeal route and what comes next."""

    case: UUID
    facts: Mapping[str, object]
    decision: str
    reason: str
    profile: str | None = None
    on: date | None = None
    appeal_route: str | None = None
    onward_referral: str | None = None


async def decide_selection(uow: UnitOfWork, draft: SelectionDraft) -> Changed:
    """Record the decision with criteria, version, facts, outcome, decider and reason.

    The outcome is indicative: the decision may differ from it, and says why.

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
    appeal = maybe_text(draft.appeal_route, "input", "appealRoute", longest=2000)
    onward = maybe_text(draft.onward_referral, "input", "onwardReferral", longest=2000)
    if decision == "refused":
        _need_both(appeal, onward)
    on = draft.on or scope.clock().date()
    rule, result = await evaluate_criteria(uow, case, draft.profile, draft.facts, on)
    identifier = scope.new_id()
    await insert(
        SelectionDecision(
            tenant_id=scope.tenant, id=identifier, case_id=draft.case, criteria_code=rule.code,
            criteria_version=rule.version, evaluated_on=on, facts=dict(draft.facts),
            outcome=result.outcome or "unknown", result=result.as_json(), decision=decision,
            reason=reason, appeal_route=appeal, onward_referral=onward,
            decided_by=scope.actor.id, decided_at=scope.clock(),
        )
    )  # fmt: skip
    params = {"outcome": outcome_text(rule, result.outcome), "reason": reason}
    await add_entry(scope, draft.case, f"selection_{decision}", params=params)
    uow.touched("SelectionDecision", identifier, person=case["person_id"])
    return {"case": draft.case, "decision": identifier}


async def evaluate_criteria(
    uow: UnitOfWork,
    case: Mapping[str, object],
    profile: str | None,
    facts: Mapping[str, object],
    on: date,
) -> tuple[Rule, RuleResult]:
    """Return the criteria of the case's programme version and what they say of the facts."""
    version = await find(ProgrammeVersion, UUID(str(case["programme_version_id"])))
    chosen = _profile(parse_draft(version["definition"]).target_group, profile)
    if chosen.criteria is not None:
        rule = uow.scope.host.rule(chosen.criteria)[1]
    else:
        rule = parse_rule(chosen.own_criteria or {})
    return rule, checked_evaluation(rule, facts, on)


def checked_evaluation(rule: Rule, facts: Mapping[str, object], on: date) -> RuleResult:
    """Evaluate a rule. Raises InvalidInputError at ``input.facts.<name>``."""
    try:
        return evaluate(rule, facts, on)
    except InvalidInputError as error:
        raise type(error)(path=("input", *error.path), **error.params) from error


def outcome_text(rule: Rule, outcome: str | None) -> Mapping[str, str]:
    """Return the rule's label of an outcome, in every language."""
    labels = {one.name: one.label for one in rule.outcomes}
    return dict(labels.get(outcome or "") or catalogue("words")["outcome_unknown"])


def _profile(profiles: tuple[Profile, ...], wanted: str | None) -> Profile:
    for one in profiles:
        if wanted in (None, one.code):
            return one
    raise problem(
        ("input", "profile"), "the programme has no such profile", "le programme n'a pas ce profil"
    )


def _need_both(appeal: str | None, onward: str | None) -> None:
    if appeal is None:
        raise InvalidInputError(path=("input", "appealRoute"), problem=EMPTY)
    if onward is None:
        raise problem(
            ("input", "onwardReferral"),
            "say where the person is referred to, or that there is none",
            "dites vers qui la personne est orientée, ou qu'il n'y a personne",
        )
