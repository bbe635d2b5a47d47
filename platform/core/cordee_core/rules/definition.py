"""A rule as it is written: facts, parameters, tree, outcomes, outputs, reference cases.

Plugins write it as YAML, tenants as the same JSON in a form; `parse_rule` reads both.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast, get_args

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Source,
    at,
    boolean,
    code,
    day,
    mapping,
    natural,
    one_of,
    source,
    string,
    text,
    unique,
)
from cordee_core.definitions import name as identifier
from cordee_core.languages import Text, catalogue
from cordee_core.rules.facts import Fact, parse_facts
from cordee_core.rules.functions import FUNCTIONS, Function
from cordee_core.rules.nodes import Check, Kind, Value
from cordee_core.rules.parameters import Parameter, parse_parameters
from cordee_core.rules.reader import Names, Place, Reader

UNKNOWN = "unknown"
OutputType: TypeAlias = Literal["money", "number", "boolean", "text", "codes"]

_KEYS = (
    "code", "version", "title", "description", "sources", "valid_from", "valid_to", "facts",
    "parameters", "definitions", "criteria", "outcomes", "outputs", "cases",
)  # fmt: skip
_OUTPUT_KINDS: Mapping[str, Kind] = {"money": "number", "number": "number", "text": "text"}
_RESERVED = (
    "rule", "outcome", "because", "why", "ask", "ask_for_outputs", "assumed", "ignored",
    "in_force", "parameter_missing", "missing_parameters", "versions", "error",
)  # fmt: skip
_OUTCOME_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer of the rule, given when `when` holds and no outcome above it was given.

    An outcome without `when` is given in all other cases. Where one that is not `favourable` is
    given, the result says which criteria stood against the favourable ones.
    """

    name: str
    label: Text
    favourable: bool
    when: Check | None


@dataclass(frozen=True, slots=True)
class Output:
    """A further answer: a value, whether a condition holds, or the codes of those that hold.

    It is empty (None) where `when` does not hold. Money is rounded half up to the cent.
    """

    name: str
    label: Text
    type: OutputType
    when: Check | None = None
    value: Value | None = None
    check: Check | None = None
    each: Mapping[str, Check] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleCase:
    """A reference case: these facts on this day give a result with these keys."""

    facts: Mapping[str, object]
    on: datetime.date
    expect: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Rule:
    """An eligibility rule in one version, in force from `valid_from` to the day before `valid_to`.

    Rules are compared by identity; two rules from the same text have equal parts.
    """

    code: str
    version: int
    title: Text
    sources: Mapping[str, Source]
    valid_from: datetime.date
    valid_to: datetime.date | None
    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    outcomes: tuple[Outcome, ...]
    outputs: tuple[Output, ...] = ()
    description: Text | None = None
    cases: tuple[RuleCase, ...] = ()
    assumed_if: Mapping[str, Check] = field(default_factory=dict[str, Check])
    """Conditions under which a fact is assumed, by fact; they must hold by what is given."""

    @property
    def source(self) -> Source:
        """The source of every criterion that names no other: the first."""
        return next(iter(self.sources.values()))

    def in_force(self, date: datetime.date) -> bool:
        """Say whether this version is the law on `date`."""
        return self.valid_from <= date and (self.valid_to is None or date < self.valid_to)


def parse_rule(raw: Mapping[str, object], functions: Mapping[str, Function] = FUNCTIONS) -> Rule:
    """Return the rule that `raw` describes; `functions` are those that its tree may call.

    Raises:
        DefinitionError: something is missing, unknown or does not fit; says where.
    """
    fields = Fields(raw, "", _KEYS)
    names = Names(
        facts=fields.need("facts", parse_facts),
        parameters=parse_parameters(fields.raw("parameters"), "parameters"),
        functions=functions,
        sources=fields.need("sources", _parse_sources),
        definitions=fields.get("definitions", mapping, {}),
    )
    reader = Reader(names)
    rule = Rule(
        code=fields.need("code", code),
        version=fields.need("version", natural),
        title=fields.need("title", text),
        description=fields.maybe("description", text),
        sources=names.sources,
        valid_from=fields.need("valid_from", day),
        valid_to=fields.maybe("valid_to", day),
        facts=names.facts,
        parameters=names.parameters,
        outcomes=_parse_outcomes(reader, fields),
        outputs=_parse_outputs(reader, fields.raw("outputs")),
        cases=fields.all("cases", _parse_case),
        assumed_if=_parse_assumptions(reader, fields),
    )
    reader.refuse_unused()
    return _checked(rule)


def _checked(rule: Rule) -> Rule:
    if not rule.outcomes and not rule.outputs:
        raise DefinitionError("criteria", "this key is missing")
    if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
        raise DefinitionError("valid_to", f"{rule.valid_to} does not come after {rule.valid_from}")
    return rule


def _parse_sources(raw: object, where: str) -> Mapping[str, Source]:
    found = {
        identifier(key, at(where, key)): source(value, at(where, key))
        for key, value in mapping(raw, where).items()
    }
    if not found:
        raise DefinitionError(where, "a source is missing")
    return found


def _parse_assumptions(reader: Reader, fields: Fields) -> Mapping[str, Check]:
    found: dict[str, Check] = {}
    for name, raw in mapping(fields.raw("facts"), "facts").items():
        fact = Fields(raw, at("facts", name))
        if "assumed_if" in fact:
            found[name] = reader.check(fact.raw("assumed_if"), Place(fact.at("assumed_if")))
    return found


def _parse_outcomes(reader: Reader, fields: Fields) -> tuple[Outcome, ...]:
    if "criteria" not in fields:
        rows = fields.all("outcomes", lambda raw, where: _parse_outcome(reader, raw, where))
        unique((row.name for row in rows), "outcomes")
        return _with_remainder(rows)
    if "outcomes" in fields:
        raise DefinitionError("outcomes", "a rule has criteria or outcomes, not both")
    words = catalogue("rules")
    criteria = reader.check(fields.raw("criteria"), Place("criteria"))
    return (
        Outcome("eligible", words["eligible"], favourable=True, when=criteria),
        Outcome("not_eligible", words["not_eligible"], favourable=False, when=None),
    )


def _parse_outcome(reader: Reader, raw: object, where: str) -> Outcome:
    fields = Fields(raw, where, ("outcome", "label", "favourable", "when"))
    name = fields.need("outcome", string)
    if name == UNKNOWN or not _OUTCOME_NAME.fullmatch(name):
        raise DefinitionError(fields.at("outcome"), f"{name!r} can't name an outcome")
    return Outcome(
        name=name,
        label=fields.need("label", text),
        favourable=fields.need("favourable", boolean),
        when=_maybe_check(reader, fields, "when"),
    )


def _with_remainder(rows: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    for index, row in enumerate(rows):
        last = index == len(rows) - 1
        if last != (row.when is None):
            problem = "the last outcome has no condition, and only the last"
            raise DefinitionError(at(at("outcomes", index), "when"), problem)
    return rows


def _maybe_check(reader: Reader, fields: Fields, key: str) -> Check | None:
    return reader.check(fields.raw(key), Place(fields.at(key))) if key in fields else None


def _parse_outputs(reader: Reader, raw: object) -> tuple[Output, ...]:
    if raw is None:
        return ()
    return tuple(
        _parse_output(reader, identifier(key, at("outputs", key)), value, at("outputs", key))
        for key, value in mapping(raw, "outputs").items()
    )


def _parse_output(reader: Reader, name: str, raw: object, where: str) -> Output:
    fields = Fields(raw, where, ("label", "type", "when", "value", "check", "each"))
    if name in _RESERVED:
        raise DefinitionError(where, f"{name!r} can't name an output: every result has that key")
    kind = cast("OutputType", fields.need("type", one_of(get_args(OutputType))))
    form = {"boolean": "check", "codes": "each"}.get(kind, "value")
    for other in ("value", "check", "each"):
        if (other in fields) != (other == form):
            raise DefinitionError(fields.at(other), f"an output of type {kind} has the key {form}")
    value = None
    if form == "value":
        kinds = (_OUTPUT_KINDS[kind],)
        value = reader.of_kind(kinds, fields.raw("value"), Place(fields.at("value")))
    return Output(
        name=name,
        label=fields.need("label", text),
        type=kind,
        when=_maybe_check(reader, fields, "when"),
        value=value,
        check=_maybe_check(reader, fields, "check"),
        each=fields.get("each", lambda rows, place: _parse_each(reader, rows, place), {}),
    )


def _parse_each(reader: Reader, raw: object, where: str) -> Mapping[str, Check]:
    return {
        identifier(key, at(where, key)): reader.check(value, Place(at(where, key)))
        for key, value in mapping(raw, where).items()
    }


def _parse_case(raw: object, where: str) -> RuleCase:
    fields = Fields(raw, where, ("facts", "on", "expect"))
    return RuleCase(
        facts=fields.need("facts", mapping),
        on=fields.need("on", day),
        expect=fields.need("expect", mapping),
    )
