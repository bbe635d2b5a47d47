"""A rule is evaluated for a case; what a person decides then stands beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.eligibility.tables import EligibilityResult
from cordee_core.errors import AlreadyDecidedError, UnknownRuleError
from cordee_core.languages import catalogue
from cordee_core.rules import Rule
from cordee_core.selection.criteria import checked_evaluation, outcome_text
from cordee_core.validation import need_one_of, need_text

DECISIONS = ("granted", "refused", "postponed")


@dataclass(frozen=True, kw_only=True, slots=True)
class EligibilityDraft:
    """The rule, the facts known of the case, and the date whose law and amounts count."""

    case: UUID
    rule: str
    facts: Mapping[str, object]
    on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EligibilityDecision:
    """What a person decided on a result, and why."""

    result: UUID
    row_version: int
    decision: str
    reason: str


async def evaluate_eligibility(uow: UnitOfWork, draft: EligibilityDraft) -> Changed:
    """Keep what the rule says: outcome, reasons, what to ask, versions. It is indicative.

    Raises:
        UnknownRuleError: no enabled plugin has the rule.
        InvalidInputError: a fact is of another type than the rule declares.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = await find(Case, draft.case)
    plugin, rule = find_rule(scope, draft.rule)
    on = draft.on or scope.clock().date()
    result = checked_evaluation(rule, draft.facts, on)
    identifier = scope.new_id()
    await insert(
        EligibilityResult(
            tenant_id=scope.tenant, id=identifier, case_id=draft.case, plugin=plugin,
            rule_code=rule.code, rule_version=rule.version, evaluated_on=on,
            facts=dict(draft.facts), outcome=result.outcome or "determined",
            result=result.as_json(), created_at=scope.clock(), created_by=scope.actor.id,
        )
    )  # fmt: skip
    params = {"title": dict(rule.title), "outcome": outcome_text(rule, result.outcome)}
    await add_entry(scope, draft.case, "eligibility_evaluated", params=params)
    uow.touched("EligibilityResult", identifier, person=case["person_id"])
    return {"result": identifier, "case": draft.case}


async def decide_eligibility(uow: UnitOfWork, draft: EligibilityDecision) -> Changed:
    """Record the human decision beside an indicative result, once.

    Raises:
        AlreadyDecidedError: a decision stands beside it.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such result.
    """
    scope = uow.scope
    scope.require(Permission.CASE_DECIDE)
    row = await find(EligibilityResult, draft.result, lock=True)
    if row["decision"] is not None:
        raise AlreadyDecidedError(path=("input", "resultId"))
    decision = need_one_of(draft.decision, DECISIONS, "input", "decision")
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    values = {
        "decision": decision, "decision_reason": reason, "decided_by": scope.actor.id,
        "decided_at": scope.clock(),
    }  # fmt: skip
    await change(EligibilityResult, draft.result, draft.row_version, values)
    case = await find(Case, row["case_id"])
    params = {
        "title": dict(scope.host.rule(row["rule_code"])[1].title),
        "decision": catalogue("words")[f"decision_{decision}"],
        "reason": reason,
    }
    await add_entry(scope, row["case_id"], "eligibility_decided", params=params)
    uow.touched("EligibilityResult", draft.result, person=case["person_id"], fields=values)
    return {"result": draft.result, "case": row["case_id"]}


def find_rule(scope: Scope, code: str) -> tuple[str, Rule]:
    """Return the plugin and the rule of that code. Raises UnknownRuleError."""
    try:
        plugin, rule = scope.host.rule(code)
    except UnknownRuleError as error:
        raise UnknownRuleError(path=("input", "rule"), rule=code) from error
    if plugin not in scope.enabled:
        raise UnknownRuleError(path=("input", "rule"), rule=code)
    return plugin, rule
