"""Scores computed from checked answers; the same answers always give the same result."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cordee_core.errors import InvalidAnswerError
from cordee_core.instruments.answers import Answers, check_answers, jsonable
from cordee_core.instruments.conditions import evaluate
from cordee_core.instruments.functions import FUNCTIONS, Outcome, State
from cordee_core.instruments.model import Instrument

__all__ = ["Answers", "ScoreResult", "check_answers", "failing_references", "score"]

_WEAKEST_FIRST: tuple[State, ...] = ("not_scorable", "partial", "prorated", "complete")


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """What an instrument says of a set of answers, on a date.

    `values` holds the keys that the instrument declares; one that the answers do not decide is
    null. `ask` lists the items whose answers would decide something that is open.
    """

    instrument: str
    version: str
    on: datetime.date
    status: State
    values: Mapping[str, object]
    flags: tuple[str, ...]
    ask: tuple[str, ...]
    valid_until: datetime.date | None

    def to_json(self) -> dict[str, object]:
        """Return the result as one flat JSON object, the declared keys at its top level."""
        return {
            "instrument": self.instrument,
            "version": self.version,
            "on": self.on.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "status": self.status,
            "flags": list(self.flags),
            "ask": list(self.ask),
            **{key: jsonable(value) for key, value in self.values.items()},
        }


@dataclass(slots=True)
class _Sheet:
    """The answers together with the results computed so far."""

    answers: Answers
    results: dict[str, Outcome]

    def answer(self, item: str) -> object:
        return self.answers.answer(item)

    def number(self, item: str) -> Decimal | None:
        return self.answers.number(item)

    def result(self, key: str) -> object:
        return self.results[key].value


def score(instrument: Instrument, answers: Answers, on: datetime.date) -> ScoreResult:
    """Return every declared score; one that lacks answers is null, never a number."""
    sheet = _Sheet(answers, {})
    for one in instrument.scores:
        sheet.results[one.key] = FUNCTIONS[one.function].run(one, sheet)
    states = {sheet.results[key].state for key in instrument.decided_by}
    firm = {outcome.state for outcome in sheet.results.values()} <= {"complete", "prorated"}
    days = instrument.validity_days
    return ScoreResult(
        instrument=instrument.code,
        version=instrument.version,
        on=on,
        status=next(state for state in _WEAKEST_FIRST if state in states),
        values={key: outcome.value for key, outcome in sheet.results.items()},
        flags=tuple(flag.code for flag in instrument.flags if evaluate(flag.when, sheet)),
        ask=() if firm else _to_ask(instrument, answers),
        valid_until=_later(on, days) if days is not None else None,
    )


def _to_ask(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """Return what to ask: of the required items if some of them have no answer, else of all."""
    required = {item.link_id for item in instrument.items if item.required}
    unanswered = answers.unanswered
    if required & {*unanswered, *answers.not_asked}:
        return tuple(item for item in unanswered if item in required)
    return unanswered


def _later(on: datetime.date, days: int) -> datetime.date | None:
    try:
        return on + datetime.timedelta(days=days)
    except OverflowError:
        return None


def failing_references(instrument: Instrument) -> list[str]:
    """Return one line for each reference case that does not come out as written."""
    failing: list[str] = []
    for index, case in enumerate(instrument.references):
        where = f"{instrument.code}: cases[{index}]"
        try:
            answers = check_answers(instrument, case.answers, ("answers",))
        except InvalidAnswerError as error:
            failing.append(f"{where}: {error}")
            continue
        result = score(instrument, answers, instrument.effective).to_json()
        failing += [
            f"{where}: {key} is {result.get(key)!r}, not {expected!r}"
            for key, expected in case.expect.items()
            if result.get(key) != expected
        ]
    return failing
