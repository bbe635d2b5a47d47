"""Eligibility rules: one tree for plugins and tenants, three-valued, explained, versioned.

rule = parse_rule(raw)
result = evaluate(rule, {"age": 72}, date(2026, 1, 15))
result.outcome, result.why, result.ask
"""

from cordee_core.rules import build
from cordee_core.rules.definition import Outcome, Output, Rule, RuleCase, parse_rule
from cordee_core.rules.evaluate import evaluate
from cordee_core.rules.facts import Fact
from cordee_core.rules.functions import FUNCTIONS, Function
from cordee_core.rules.parameters import Parameter
from cordee_core.rules.reasons import Reason, Seen
from cordee_core.rules.result import RuleResult, Versions

__all__ = [
    "FUNCTIONS",
    "Fact",
    "Function",
    "Outcome",
    "Output",
    "Parameter",
    "Reason",
    "Rule",
    "RuleCase",
    "RuleResult",
    "Seen",
    "Versions",
    "build",
    "evaluate",
    "parse_rule",
]
