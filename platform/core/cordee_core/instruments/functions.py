"""The declared functions of scores: a definition says what is computed, this registry how.

Each function reads some fields of its `Score` and a sheet of answers, and returns what came out of
it. A function gives a number only when the answers suffice for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from cordee_core.instruments.conditions import Sheet, Truth, evaluate
from cordee_core.instruments.model import NOT_APPLICABLE, Case, Score

State = Literal["complete", "prorated", "partial", "not_scorable"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The value of one score and how firm it is."""

    value: object
    state: State = "complete"


UNDECIDED = Outcome(None, "not_scorable")
Function = Callable[[Score, Sheet], Outcome]


@dataclass(frozen=True, slots=True)
class Declared:
    """A function with the fields of a score that it needs and those that it may read."""

    run: Function
    needs: tuple[str, ...]
    reads: tuple[str, ...] = ()
    numeric_items: bool = False


FUNCTIONS: dict[str, Declared] = {}


def _declare(
    name: str, *needs: str, reads: tuple[str, ...] = (), numeric_items: bool = False
) -> Callable[[Function], Function]:
    def keep(run: Function) -> Function:
        FUNCTIONS[name] = Declared(run, needs, reads, numeric_items)
        return run

    return keep


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Return the exact `value` rounded half up to `decimals` digits after the point."""
    scaled = abs(value) * 10**decimals
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


def _numbers(score: Score, sheet: Sheet) -> tuple[list[Fraction], int]:
    """Return the numbers of the answered items, and how many items have no answer."""
    applicable = [item for item in score.items if sheet.answer(item) != NOT_APPLICABLE]
    found = [sheet.number(item) for item in applicable]
    numbers = [Fraction(number) for number in found if number is not None]
    return numbers, len(found) - len(numbers)


def _state(score: Score, numbers: list[Fraction], missing: int) -> State:
    if not numbers:
        return "not_scorable"
    if missing == 0 or score.missing.policy == "ignore":
        return "complete"
    if score.missing.policy == "prorate" and missing <= score.missing.most:
        return "prorated"
    return "not_scorable"


@_declare("sum", "items", reads=("missing", "decimals"), numeric_items=True)
def total(score: Score, sheet: Sheet) -> Outcome:
    """Add the items up; prorated, a missing item counts as the mean of the answered ones."""
    numbers, missing = _numbers(score, sheet)
    state = _state(score, numbers, missing)
    if state == "not_scorable":
        return UNDECIDED
    amount = sum(numbers, Fraction(0))
    if state == "prorated":
        amount = amount * (len(numbers) + missing) / len(numbers)
    return Outcome(rounded(amount, score.decimals), state)


@_declare("mean", "items", reads=("missing", "decimals"), numeric_items=True)
def mean(score: Score, sheet: Sheet) -> Outcome:
    """Return the mean of the answered items that apply."""
    numbers, missing = _numbers(score, sheet)
    state = _state(score, numbers, missing)
    if state == "not_scorable":
        return UNDECIDED
    return Outcome(rounded(sum(numbers, Fraction(0)) / len(numbers), score.decimals), state)


@_declare("weighted", "table", reads=("constant", "decimals"))
def weighted(score: Score, sheet: Sheet) -> Outcome:
    """Add to the constant each item times its weight; every item needs an answer."""
    amount = Fraction(score.constant)
    for item, weight in score.table.items():
        number = sheet.number(item)
        if number is None:
            return UNDECIDED
        amount += Fraction(number) * Fraction(Decimal(str(weight)))
    return Outcome(rounded(amount, score.decimals))


@_declare("answered", "items")
def answered(score: Score, sheet: Sheet) -> Outcome:
    """Count the items that have an answer and apply."""
    return Outcome(
        len([one for one in score.items if sheet.answer(one) not in (None, NOT_APPLICABLE)])
    )


@_declare("unanswered", "items")
def unanswered(score: Score, sheet: Sheet) -> Outcome:
    """Count the items without an answer."""
    return Outcome(len([item for item in score.items if sheet.answer(item) is None]))


@_declare("list_unanswered", "items")
def list_unanswered(score: Score, sheet: Sheet) -> Outcome:
    """List the items without an answer."""
    return Outcome(tuple(item for item in score.items if sheet.answer(item) is None))


@_declare("list_scored", "items", "constant", numeric_items=True)
def list_scored(score: Score, sheet: Sheet) -> Outcome:
    """List the items whose answer scores exactly the constant."""
    return Outcome(tuple(item for item in score.items if sheet.number(item) == score.constant))


@_declare("lookup", "of", "table", reads=("cases",))
def lookup(score: Score, sheet: Sheet) -> Outcome:
    """Return what the table says for the answer to one item; null where the table says nothing."""
    value = sheet.answer(score.of or "")
    return UNDECIDED if value is None else Outcome(score.table.get(str(value)))


@_declare("band", "of", "cases")
def band(score: Score, sheet: Sheet) -> Outcome:
    """Return the band that an earlier result falls into: the last whose start it reaches."""
    value = sheet.result(score.of or "")
    if not isinstance(value, (int, Decimal)):
        return UNDECIDED
    reached = [one.code for one in score.cases if one.start is not None and value >= one.start]
    return Outcome(reached[-1]) if reached else UNDECIDED


@_declare("truth", "when")
def truth(score: Score, sheet: Sheet) -> Outcome:
    """Return whether the condition holds; null while it is not known."""
    known = evaluate(score.when, sheet) if score.when else None
    return UNDECIDED if known is None else Outcome(known)


def _truths(cases: tuple[Case, ...], sheet: Sheet) -> Mapping[str, Truth]:
    return {one.code: evaluate(one.when, sheet) for one in cases if one.when is not None}


@_declare("collect", "cases")
def collect(score: Score, sheet: Sheet) -> Outcome:
    """List every case that holds; partial while another may hold too."""
    truths = _truths(score.cases, sheet)
    found = tuple(code for code, known in truths.items() if known)
    unknown = [code for code, known in truths.items() if known is None]
    if len(unknown) == len(truths):
        return UNDECIDED
    return Outcome(found, "partial" if unknown else "complete")


@_declare("first", "cases", "otherwise", reads=("unknown",))
def first(score: Score, sheet: Sheet) -> Outcome:
    """Return the first case that holds; undecided where one before it may hold."""
    for code, known in _truths(score.cases, sheet).items():
        if known is None:
            return Outcome(score.unknown, "not_scorable")
        if known:
            return Outcome(code)
    return Outcome(score.otherwise.code if score.otherwise else None)
