"""``cordee instrument score``: answers in, results out, one JSON object a line."""

import datetime
import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from cordee_core.clock import now
from cordee_core.errors import CordeeError, InvalidInputError
from cordee_core.languages import Language, negotiate, say

if TYPE_CHECKING:
    from cordee_core.instruments.model import Instrument

UNKNOWN_CODE = 2
"""Exit status where no installed plugin has the instrument."""


def register(app: typer.Typer) -> None:
    """Add the commands ``cordee instrument …``."""
    group = typer.Typer(help="Instruments of the installed plugins.", no_args_is_help=True)

    @group.callback()
    def instruments() -> None:
        """Instruments of the installed plugins."""

    group.command("score")(score_lines)
    app.add_typer(group, name="instrument")


def score_lines(
    code: Annotated[str, typer.Argument(help="The instrument, with or without its prefix.")],
    source: Annotated[str, typer.Option("--input", help="A JSONL file, or - for standard input.")],
    on: Annotated[str | None, typer.Option("--on", help="The date, YYYY-MM-DD.")] = None,
    language: Annotated[str, typer.Option("--language", help="Of the messages: en or fr.")] = "en",
) -> None:
    """Score answers: one JSON object a line in, one result a line out."""
    tongue = negotiate(language)
    instrument = _find(code)
    if instrument is None:
        typer.echo(say("errors", "unknown_instrument", tongue, instrument=code), err=True)
        raise typer.Exit(UNKNOWN_CODE)
    default = _day(on, ("on",)) if on else now().date()
    failed = False
    for line in _lines(source):
        result, good = _answer(lambda text: _score(instrument, text, default), line, tongue)
        failed = failed or not good
        typer.echo(json.dumps(result, ensure_ascii=False))
    if failed:
        raise typer.Exit(1)


def _find(code: str) -> "Instrument | None":
    """Return the instrument with that code, or the only one with that name in any plugin."""
    from cordee_core.plugins.host import PluginHost

    host = PluginHost.discover()
    found = {
        known: instrument
        for content in host.content.values()
        for known, instrument in content.instruments.items()
        if code in (known, known.partition(".")[2])
    }
    if len(found) > 1:
        raise InvalidInputError(problem=f"{code} is ambiguous: {', '.join(sorted(found))}")
    return next(iter(found.values()), None)


def _lines(source: str) -> Iterator[bytes]:
    try:
        if source == "-":
            yield from filter(bytes.strip, sys.stdin.buffer)
            return
        with open(source, "rb") as file:
            yield from filter(bytes.strip, file)
    except OSError as error:
        raise InvalidInputError(path=("input",), problem=f"{source}: {error.strerror}") from None


def _answer(
    work: Callable[[bytes], dict[str, object]], line: bytes, language: Language
) -> tuple[dict[str, object], bool]:
    """Return what `work` makes of the line and true, or the error as an object and false."""
    try:
        return work(line), True
    except CordeeError as error:
        params = {
            key: value.get(language) if isinstance(value, dict) else value
            for key, value in cast("dict[str, Any]", error.params).items()
        }
        message = say("errors", error.code, language, **params)
        return {"error": {"code": error.code, "path": list(error.path), "message": message}}, False


def _score(instrument: "Instrument", line: bytes, default: datetime.date) -> dict[str, object]:
    from cordee_core.instruments.score import check_answers, score

    case = _object(line)
    if "answers" not in case:
        raise InvalidInputError(path=("answers",), problem="the line has no answers")
    answers = check_answers(instrument, case["answers"], ("answers",))
    on = _day(case["on"], ("on",)) if case.get("on") is not None else default
    return score(instrument, answers, on).to_json()


def _object(line: bytes) -> dict[str, object]:
    try:
        case = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(problem=f"the line is no JSON: {error}") from None
    if not isinstance(case, dict):
        raise InvalidInputError(problem="the line is no JSON object")
    return cast("dict[str, object]", case)


def _no_constant(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON number")


def _day(raw: object, path: tuple[str, ...]) -> datetime.date:
    try:
        return datetime.date.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        raise InvalidInputError(path=path, problem=f"{raw!r} is no date YYYY-MM-DD") from None
