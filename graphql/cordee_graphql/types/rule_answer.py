"""What a rule answered: the outcome, why, and what to ask."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.scope import Scope
from cordee_core.errors import UnknownRuleError
from cordee_core.languages import LANGUAGES, Language, Text, catalogue, pick
from cordee_core.rules import Rule as CoreRule
from cordee_core.rules import RuleResult
from cordee_graphql.context import Info
from cordee_graphql.planner.declare import column, column_of, localised_column, written_as
from cordee_graphql.planner.declare_inside import localised_as, objects_inside, stored, told
from cordee_graphql.planner.shapes import Form
from cordee_graphql.planner.written import by_code, fixed, inside, itself, within_owner, without
from cordee_graphql.types.declaring import (
    InLanguage,
    chosen,
    described,
    described_interface,
)
from cordee_graphql.types.exact import exact_json

_COMMON = {one.name for one in fields(RuleResult)} | {"parameter_missing"}
"""The keys of every stored result; the rest are the rule's own outputs."""


@described
class ReasonSource:
    """Where a criterion is written."""

    citation: str = column("What to cite.")
    date: str = column("Of which day it is, as `2026-01-15`.")
    url: str | None = column("Where it can be read.")


@described
class SeenFact:
    """What was compared with what."""

    fact: str | None = column("The fact; the first where several count.")
    operator: str = column("How it was compared, as `<=`.")
    value: JSON | None = column("The value found.")
    threshold: JSON | None = column("What it was compared with.")

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "SeenFact":
        """Return a stored comparison for the API."""
        return cls(
            fact=stored["fact"],
            operator=stored["operator"],
            value=exact_json(stored["value"]),
            threshold=exact_json(stored["threshold"]),
        )


@described
class Reason:
    """A criterion that decided."""

    code: str = column("Its code in the rule.")
    met: bool = column("Whether it is met.")
    source: ReasonSource = stored("Where it is written.", ReasonSource, Form.ONE)
    seen: list[SeenFact] = stored("What was compared.", SeenFact)
    texts: strawberry.Private[Text]
    sentence = localised_column("The same in a sentence.", "sentence", text=lambda self: self.texts)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Reason":
        """Return a stored reason for the API."""
        return cls(
            code=stored["code"],
            met=stored["met"],
            source=ReasonSource(**stored["source"]),
            seen=[SeenFact.of(one) for one in stored["seen"]],
            texts=stored["sentence"],
        )


def _questions(scope: Scope, language: Language) -> dict[str, dict[str, str]]:
    return {
        code: {name: pick(fact.label, language) for name, fact in one.facts.items()}
        for content in scope.host.content.values()
        for code, one in content.rules.items()
    }


@described
class AskedFact:
    """A fact that could still change the outcome."""

    fact: str = told("Its name.", itself)
    texts: strawberry.Private[Text]
    label = localised_as(
        "The question, in words.",
        within_owner("rule_code", itself, _questions),
        lambda self: self.texts,
    )


@described
class ParameterVersion:
    """An amount or limit that a result rests on."""

    parameter: str = column_of("key", "Its name.")
    since: date | None = column_of(
        "value", "Since when its value holds; null where it has none for the date."
    )


@described
class RuleVersions:
    """What a result rests on."""

    rule: str = column("The rule's version.")
    on: date = column("The date whose law and amounts count.")
    parameters: list[ParameterVersion] = stored(
        "The amounts and limits.", ParameterVersion, Form.BY_NAME
    )


def _titles(scope: Scope, language: Language) -> dict[str, str]:
    return {
        code: pick(one.title, language)
        for content in scope.host.content.values()
        for code, one in content.rules.items()
    }


def _reminder(scope: Scope, language: Language) -> dict[str, str]:
    return {"indicative": pick(catalogue("labels")["indicative"], language)}


@described_interface
class RuleAnswer:
    """What a rule says of the facts. Indicative: a person decides."""

    rule_code: str = column("Code of the rule.")
    rule_version: int = column("Its version.")
    evaluated_on: date = column("The date whose law and amounts count.")
    outcome: str = column("`eligible`, `not_eligible`, `unknown`, or a word of the rule's own.")
    result: strawberry.Private[Mapping[str, Any]]

    @written_as(by_code("rule_code", _titles))
    def title(self, info: Info, language: InLanguage = None) -> str:
        """The rule's name."""
        rule = rule_of(info, self.rule_code)
        return pick(rule.title, chosen(info, language)) if rule else self.rule_code

    @objects_inside(Reason, "result", "because")
    def because(self) -> list[Reason]:
        """The criteria that decided."""
        return [Reason.of(one) for one in self.result["because"]]

    @written_as(inside("result", "why", empty="[]"))
    def why(self) -> list[str]:
        """Codes of the criteria that decided against."""
        return list(self.result["why"])

    @objects_inside(AskedFact, "result", "ask")
    def ask(self, info: Info) -> list[AskedFact]:
        """The facts that could still change the outcome, the cheapest to ask first."""
        return asked(rule_of(info, self.rule_code), self.result["ask"])

    @objects_inside(AskedFact, "result", "ask_for_outputs")
    def ask_for_outputs(self, info: Info) -> list[AskedFact]:
        """The facts that would complete the further answers."""
        return asked(rule_of(info, self.rule_code), self.result["ask_for_outputs"])

    @written_as(without("result", _COMMON))
    def outputs(self) -> JSON:
        """The rule's further answers by name; amounts are decimal texts."""
        return exact_json({name: one for name, one in self.result.items() if name not in _COMMON})

    @written_as(inside("result", "missing_parameters", empty="[]"))
    def missing_parameters(self) -> list[str]:
        """Amounts and limits that have no value for the date."""
        return list(self.result["missing_parameters"])

    @objects_inside(RuleVersions, "result", "versions", form=Form.ONE)
    def versions(self) -> RuleVersions:
        """What the result rests on."""
        found = self.result["versions"]
        parameters = [
            ParameterVersion(parameter=name, since=date.fromisoformat(day) if day else None)
            for name, day in found["parameters"].items()
        ]
        on = date.fromisoformat(found["on"])
        return RuleVersions(rule=str(found["rule"]), on=on, parameters=parameters)

    @written_as(fixed("indicative", _reminder))
    def indicative(self, info: Info, language: InLanguage = None) -> str:
        """The reminder that the decision is a person's; show it beside the outcome."""
        return pick(catalogue("labels")["indicative"], chosen(info, language))


def rule_of(info: Info, code: str) -> CoreRule | None:
    """Return the rule of that code; None where it is no plugin's, or no longer loaded."""
    try:
        return info.context.operation.scope.host.rule(code)[1]
    except UnknownRuleError:
        return None


def asked(rule: CoreRule | None, names: list[str]) -> list[AskedFact]:
    """Return the facts of those names; without the rule, its name stands for the question."""
    known = rule.facts if rule else {}
    return [
        AskedFact(
            fact=name,
            texts=known[name].label if name in known else dict.fromkeys(LANGUAGES, name),
        )
        for name in names
    ]
