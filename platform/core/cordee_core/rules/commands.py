"""``cordee rule evaluate``: facts in, results out, one JSON object a line."""

import datetime
import json
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, cast

import msgspec
import typer

from cordee_core.clock import now
from cordee_core.errors import CordeeError, InvalidInputError
from cordee_core.languages import Language, negotiate, pick, say
from cordee_core.rules.problems import problem

if TYPE_CHECKING:
    from cordee_core.rules.definition import Rule

UNKNOWN_CODE = 2
"""Exit status where no installed plugin has the rule."""


def register(app: typer.Typer) -> None:
    """Add the commands ``cordee rule …``."""
    group = typer.Typer(help="Eligibility rules of the installed plugins.", no_args_is_help=True)

    @group.callback()
    def rules() -> None:
        """Eligibility rules of the installed plugins."""

    group.command("evaluate")(evaluate_lines)
    app.add_typer(group, name="rule")


def evaluate_lines(
    code: Annotated[str, typer.Argument(help="The rule, with or without its prefix.")],
    source: Annotated[str, typer.Option("--input", help="A JSONL file, or - for standard input.")],
    on: Annotated[str | None, typer.Option("--on", help="The date, YYYY-MM-DD.")] = None,
    language: Annotated[str, typer.Option("--language", help="Of the messages: en or fr.")] = "en",
) -> None:
    """Evaluate facts: one JSON object a line in, one result a line out."""
    tongue = negotiate(language)
    encoder = msgspec.json.Encoder(decimal_format="number")
    rule = _find(code)
    if rule is None:
        typer.echo(say("errors", "unknown_rule", tongue, rule=code), err=True)
        raise typer.Exit(UNKNOWN_CODE)
    default = _day(on) if on else now().date()
    failed = False
    for line in _lines(source):
        try:
            result = _evaluate(rule, line, default)
        except CordeeError as error:
            failed, result = True, _error(error, tongue)
        typer.echo(encoder.encode(result).decode())
    if failed:
        raise typer.Exit(1)


def _find(code: str) -> "Rule | None":
    """Return the rule with that code, or the only one with that name in any plugin."""
    from cordee_core.plugins.host import PluginHost

    found = {
        known: rule
        for content in PluginHost.discover().content.values()
        for known, rule in content.rules.items()
        if code in (known, known.partition(".")[2])
    }
    if len(found) > 1:
        raise InvalidInputError(problem=problem("code_ambiguous", known=", ".join(sorted(found))))
    return next(iter(found.values()), None)


def _lines(source: str) -> Iterator[bytes]:
    try:
        if source == "-":
            yield from filter(bytes.strip, sys.stdin.buffer)
            return
        with open(source, "rb") as file:
            yield from filter(bytes.strip, file)
    except OSError as error:
        found = problem("file_unreadable", file=source, reason=error.strerror)
        raise InvalidInputError(path=("input",), problem=found) from None


def _evaluate(rule: "Rule", line: bytes, default: datetime.date) -> dict[str, object]:
    from cordee_core.rules.evaluate import evaluate

    case = _object(line)
    facts = case.get("facts")
    if not isinstance(facts, Mapping):
        raise InvalidInputError(path=("facts",), problem=problem("facts_missing"))
    on = default if case.get("on") is None else _day(case["on"])
    return evaluate(rule, cast("Mapping[str, object]", facts), on).as_mapping()


def _object(line: bytes) -> Mapping[str, object]:
    try:
        case = json.loads(line, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError):
        raise InvalidInputError(problem=problem("line_not_json")) from None
    if not isinstance(case, dict):
        raise InvalidInputError(problem=problem("line_not_json"))
    return cast("dict[str, object]", case)


def _no_constant(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON number")


def _day(raw: object) -> datetime.date:
    try:
        return datetime.date.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        raise InvalidInputError(path=("on",), problem=problem("need_date")) from None


def _error(error: CordeeError, language: Language) -> dict[str, object]:
    params = {
        key: pick(cast("Mapping[str, str]", value), language)
        if isinstance(value, Mapping)
        else value
        for key, value in error.params.items()
    }
    message = say("errors", error.code, language, **params)
    return {"error": {"code": error.code, "path": list(error.path), "message": message}}
