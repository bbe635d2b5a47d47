"""One JSON object a line in, one result a line out: what the authors' commands have in common."""

import datetime
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, TypeVar, cast

import msgspec
import typer

from cordee_core.clock import now
from cordee_core.errors import CordeeError, InvalidInputError
from cordee_core.languages import Language, negotiate, pick, say
from cordee_core.problems import problem

UNKNOWN_CODE = 2
"""Exit status where no installed plugin has the definition."""

Source = Annotated[str, typer.Option("--input", help="A JSONL file, or - for standard input.")]
On = Annotated[str | None, typer.Option("--on", help="The date, YYYY-MM-DD.")]
Speak = Annotated[str, typer.Option("--language", help="Of the messages: en or fr.")]
Definition = TypeVar("Definition")
Line = Mapping[str, object]


def find_one(known: Mapping[str, Definition], code: str) -> Definition | None:
    """Return the definition with that code, or the only one with that name in any plugin.

    Raises:
        InvalidInputError: several plugins have one of that name.
    """
    found = {one: value for one, value in known.items() if code in (one, one.partition(".")[2])}
    if len(found) > 1:
        names = ", ".join(sorted(found))
        raise InvalidInputError(problem=problem("lines", "code_ambiguous", known=names))
    return next(iter(found.values()), None)


def run_lines(
    work: Callable[[Line, datetime.date], Line] | None,
    unknown: tuple[str, Mapping[str, object]],
    source: str,
    on: str | None,
    language: str,
) -> None:
    """Answer each line; a bad one gives an error object and status 1, the others go on.

    Without `work`, the text of the error `unknown` (code, params) is shown and the status is 2.
    """
    tongue = negotiate(language)
    if work is None:
        typer.echo(say("errors", unknown[0], tongue, **unknown[1]), err=True)
        raise typer.Exit(UNKNOWN_CODE)
    encoder = msgspec.json.Encoder(decimal_format="number")
    default = _day(on) if on else now().date()
    failed = False
    for line in _lines(source):
        try:
            case = _object(line)
            result = work(case, default if case.get("on") is None else _day(case["on"]))
        except CordeeError as error:
            failed, result = True, _error(error, tongue)
        typer.echo(encoder.encode(result).decode())
    if failed:
        raise typer.Exit(1)


def _lines(source: str) -> Iterator[bytes]:
    try:
        if source == "-":
            yield from filter(bytes.strip, sys.stdin.buffer)
            return
        with open(source, "rb") as file:
            yield from filter(bytes.strip, file)
    except OSError as error:
        found = problem("lines", "file_unreadable", file=source, reason=error.strerror)
        raise InvalidInputError(path=("input",), problem=found) from None


def _object(line: bytes) -> Line:
    try:
        case = json.loads(line, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError):
        raise InvalidInputError(problem=problem("lines", "line_not_json")) from None
    if not isinstance(case, dict):
        raise InvalidInputError(problem=problem("lines", "line_not_json"))
    return cast("dict[str, object]", case)


def _no_constant(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON number")


def _day(raw: object) -> datetime.date:
    try:
        return datetime.date.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        raise InvalidInputError(path=("on",), problem=problem("lines", "need_date")) from None


def _error(error: CordeeError, language: Language) -> Line:
    params = {
        key: pick(cast("Mapping[str, str]", value), language)
        if isinstance(value, Mapping)
        else value
        for key, value in error.params.items()
    }
    message = say("errors", error.code, language, **params)
    return {"error": {"code": error.code, "path": list(error.path), "message": message}}
