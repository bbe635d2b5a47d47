"""Answers checked item by item against their instrument."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from cordee_core.errors import InvalidAnswerError
from cordee_core.instruments.conditions import evaluate
from cordee_core.instruments.model import NOT_APPLICABLE, Instrument, Item
from cordee_core.instruments.problems import Path, nearest, refuse

Answer = str | int | Decimal | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one instrument, valid and in item order; only those that were given.

    `not_asked` says for other items why they were not put: that is an answer too, with no score.
    """

    instrument: Instrument
    values: Mapping[str, Answer]
    not_asked: Mapping[str, str] = field(default_factory=dict[str, str])

    def answer(self, item: str) -> object:
        """Return the answer to `item`, None where there is none."""
        return self.values.get(item)

    def number(self, item: str) -> Decimal | None:
        """Return the score of the answer to `item`; None without answer, or where it has none."""
        value = self.values.get(item)
        if value is None or isinstance(value, tuple):
            return None
        if not isinstance(value, str):
            return Decimal(value)
        found = self.instrument.item(item)
        option = found.option(value) if found else None
        return option.score if option else None

    def result(self, key: str) -> object:
        """Return None: answers alone have no results."""
        return None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The items that are asked and have no answer, in order."""
        return tuple(
            item.link_id
            for item in self.instrument.items
            if item.link_id not in self.values
            and item.link_id not in self.not_asked
            and is_asked(item, self)
        )

    def to_json(self) -> dict[str, object]:
        """Return the answers by item as JSON takes them; `check_answers` takes them back."""
        return {item: jsonable(value) for item, value in self.values.items()}


def jsonable(value: object) -> object:
    """Return `value` with tuples as lists and exact numbers as JSON numbers."""
    if isinstance(value, tuple):
        return [jsonable(one) for one in cast("tuple[object, ...]", value)]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def is_asked(item: Item, answers: Answers) -> bool:
    """Return whether the item is put at all, given the other answers."""
    return item.enable_when is None or evaluate(item.enable_when, answers) is True


def check_answers(instrument: Instrument, answers: object, at: Path = ()) -> Answers:
    """Return the answers, each valid for its item.

    Takes an object by item, a list in item order, an object with that list as ``items`` beside
    other answers, or the bare answer to the only item. Absent and null both mean "not answered".

    Raises:
        InvalidAnswerError: an answer does not fit; its path starts with `at`.
    """
    values: dict[str, Answer] = {}
    given = _by_item(instrument, answers, at)
    for item in instrument.items:
        raw, path = given.get(item.link_id, (None, at))
        if raw is None:
            continue
        if not is_asked(item, Answers(instrument, values)):
            raise refuse(item.link_id, path, "not_asked")
        values[item.link_id] = _check(item, raw, path)
    return Answers(instrument, values)


def fits(item: Item, value: object) -> bool:
    """Return whether a stored answer is one to this item as it is defined now."""
    try:
        _check(item, value, ())
    except InvalidAnswerError:
        return False
    return True


def completed_from(answers: Answers, stored: Mapping[str, object]) -> Answers:
    """Return the answers, and for items without one the `stored` answer where it still fits.

    An item that was not asked now, or is not put given the other answers, takes none.
    """
    values: dict[str, Answer] = {}
    for item in answers.instrument.items:
        name = item.link_id
        if name in answers.values:
            values[name] = answers.values[name]
        elif name not in stored or name in answers.not_asked or not fits(item, stored[name]):
            continue
        elif is_asked(item, Answers(answers.instrument, values)):
            values[name] = _check(item, stored[name], ())
    return replace(answers, values=values)


def with_not_asked(answers: Answers, reasons: Mapping[str, str], at: Path = ()) -> Answers:
    """Return the answers together with the items that were not put, each with its reason.

    Raises:
        InvalidAnswerError: there is no such item, or it has an answer; its path starts with `at`.
    """
    names = [item.link_id for item in answers.instrument.items]
    for item in reasons:
        if item not in names:
            raise refuse(item, (*at, item), "unknown_item", nearest(item, names))
        if item in answers.values:
            raise refuse(item, (*at, item), "answered_and_not_asked")
    return replace(answers, not_asked={name: reasons[name] for name in names if name in reasons})


Given = dict[str, tuple[object, Path]]


def _by_item(instrument: Instrument, answers: object, at: Path) -> Given:
    names = [item.link_id for item in instrument.items]
    if isinstance(answers, (list, tuple)):
        return _in_order(names, cast("Sequence[object]", answers), at)
    if isinstance(answers, Mapping):
        given: Given = {}
        for key, value in cast("Mapping[str, object]", answers).items():
            if key == "items" and key not in names and isinstance(value, (list, tuple)):
                given |= _in_order(names, cast("Sequence[object]", value), (*at, key))
            elif key in names:
                given[key] = (value, (*at, key))
            else:
                raise refuse(str(key), (*at, key), "unknown_item", nearest(key, names))
        return given
    if answers is not None and len(names) == 1:
        return {names[0]: (answers, at)}
    raise refuse(instrument.code, at, "not_answers")


def _in_order(names: list[str], answers: Sequence[object], at: Path) -> Given:
    if len(answers) > len(names):
        raise refuse(str(len(names) + 1), (*at, len(names)), "too_many", count=len(names))
    return {names[index]: (value, (*at, index)) for index, value in enumerate(answers)}


def _check(item: Item, raw: object, path: Path) -> Answer:
    if raw == NOT_APPLICABLE and item.type != "text":
        if not item.na:
            raise refuse(item.link_id, path, "na_not_allowed")
        return NOT_APPLICABLE
    return _CHECKS[item.type](item, raw, path)


def _choice(item: Item, raw: object, path: Path) -> Answer:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        scored = [option.code for option in item.options if option.score == Decimal(str(raw))]
        if scored:
            return scored[0]
    elif isinstance(raw, str) and item.option(raw):
        return raw
    known = [option.code for option in item.options]
    raise refuse(
        item.link_id,
        path,
        "unknown_option",
        nearest(raw, known),
        value=shown(raw),
        known=", ".join(known),
    )


def _multi_choice(item: Item, raw: object, path: Path) -> Answer:
    if not isinstance(raw, (list, tuple)):
        raise refuse(item.link_id, path, "not_a_list")
    chosen: list[Answer] = []
    for index, one in enumerate(cast("Sequence[object]", raw)):
        code = _choice(item, one, (*path, index))
        if code in chosen:
            raise refuse(item.link_id, (*path, index), "stands_twice", value=shown(one))
        chosen.append(code)
    return tuple(option.code for option in item.options if option.code in chosen)


def _number(item: Item, raw: object, path: Path) -> Answer:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        raise refuse(item.link_id, path, "not_a_number")
    value = Decimal(str(raw))
    if not value.is_finite():
        raise refuse(item.link_id, path, "not_a_number")
    low, high = item.minimum, item.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise refuse(item.link_id, path, "out_of_range", value=shown(raw), low=low, high=high)
    whole = value == value.to_integral_value()
    if item.whole and not whole:
        raise refuse(item.link_id, path, "not_whole", value=shown(raw))
    return int(value) if whole else value


def _text(item: Item, raw: object, path: Path) -> Answer:
    if not isinstance(raw, str) or not raw.strip():
        raise refuse(item.link_id, path, "not_a_text")
    if "\x00" in raw or any("\ud800" <= letter <= "\udfff" for letter in raw):
        raise refuse(item.link_id, path, "not_storable")
    return raw


def _date(item: Item, raw: object, path: Path) -> Answer:
    try:
        return datetime.date.fromisoformat(raw if isinstance(raw, str) else "").isoformat()
    except ValueError:
        raise refuse(item.link_id, path, "not_a_date") from None


def _boolean(item: Item, raw: object, path: Path) -> Answer:
    if not isinstance(raw, bool):
        raise refuse(item.link_id, path, "not_a_boolean")
    return raw


def shown(raw: object) -> str:
    """Return `raw` as a message shows it, never longer than a line."""
    whole = repr(raw)
    return whole if len(whole) <= 60 else whole[:57] + "…"


_CHECKS: Mapping[str, Callable[[Item, object, Path], Answer]] = {
    "choice": _choice,
    "multi_choice": _multi_choice,
    "number": _number,
    "text": _text,
    "date": _date,
    "boolean": _boolean,
}
