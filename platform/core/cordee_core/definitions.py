"""Reading of definitions: the raw mappings of content files and of tenants, taken apart with care.

Every parser of a content kind (instrument, rule, service, programme, model, vocabulary) uses these
getters, so that each mistake is reported the same way: where it lies, and what is wrong.
"""

import datetime
import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar, cast

from cordee_core.languages import LANGUAGES, Text

T = TypeVar("T")
Parse = Callable[[object, str], T]
"""Takes a raw value and where it lies; returns the value parsed or raises `DefinitionError`."""

_LANGUAGE_NAMES = {"en": "English", "fr": "French"}
_CODE = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LARGEST_EXPONENT = 30
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-.]*")


class DefinitionError(ValueError):
    """A definition is wrong: `where` (``items[2].text.fr``) and `problem`, in one line."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.where = where
        self.problem = problem


def at(where: str, step: str | int) -> str:
    """Return the place `step` (a key or an index) inside `where`."""
    if isinstance(step, int):
        return f"{where}[{step}]"
    return f"{where}.{step}" if where else step


def mapping(raw: object, where: str) -> Mapping[str, object]:
    """Return `raw`, which is a mapping with texts for keys."""
    if not isinstance(raw, Mapping):
        raise DefinitionError(where, f"a mapping is needed, not {kind_of(raw)}")
    for key in cast("Mapping[object, object]", raw):
        if not isinstance(key, str):
            raise DefinitionError(where, f"the key {key!r} must be a text: put it in quotes")
    return cast("Mapping[str, object]", raw)


def sequence(raw: object, where: str) -> list[object]:
    """Return `raw`, which is a list."""
    if isinstance(raw, (list, tuple)):
        return list(cast("Iterable[object]", raw))
    raise DefinitionError(where, f"a list is needed, not {kind_of(raw)}")


def listed(raw: object, where: str, parse: Parse[T]) -> tuple[T, ...]:
    """Return each element of the list `raw` parsed."""
    return tuple(parse(item, at(where, index)) for index, item in enumerate(sequence(raw, where)))


def string(raw: object, where: str) -> str:
    """Return `raw`, a text that is not empty, without space around it."""
    if not isinstance(raw, str):
        raise DefinitionError(where, f"a text is needed, not {kind_of(raw)}")
    if not raw.strip():
        raise DefinitionError(where, "the text is empty")
    if _UNSTORABLE.search(raw):
        raise DefinitionError(where, "the text has a character that can't be stored")
    return raw.strip()


def name(raw: object, where: str) -> str:
    """Return `raw`, an identifier inside a definition (a linkId, an option, a stage)."""
    found = string(raw, where)
    if not _NAME.fullmatch(found):
        raise DefinitionError(where, f"{found!r} must be letters, digits, '_', '-' or '.'")
    return found


def code(raw: object, where: str) -> str:
    """Return `raw`, a code with its prefix: ``<plugin>.<name>``."""
    found = string(raw, where)
    if not _CODE.fullmatch(found):
        raise DefinitionError(where, f"{found!r} must be written <plugin>.<name>")
    return found


def boolean(raw: object, where: str) -> bool:
    """Return `raw`, true or false."""
    if not isinstance(raw, bool):
        raise DefinitionError(where, f"true or false is needed, not {kind_of(raw)}")
    return raw


def integer(raw: object, where: str) -> int:
    """Return `raw`, a whole number."""
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise DefinitionError(where, f"a whole number is needed, not {kind_of(raw)}")
    return raw


def natural(raw: object, where: str) -> int:
    """Return `raw`, a whole number that is 0 or more."""
    found = integer(raw, where)
    if found < 0:
        raise DefinitionError(where, f"{found} must be 0 or more")
    return found


def decimal(raw: object, where: str) -> Decimal:
    """Return `raw` as an exact number, with the digits that were written."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        raise DefinitionError(where, f"a number is needed, not {kind_of(raw)}")
    try:
        found = Decimal(str(raw))
    except InvalidOperation:
        raise DefinitionError(where, f"a number is needed, not {raw!r}") from None
    if not found.is_finite():
        raise DefinitionError(where, f"{raw!r} is not a finite number")
    if found and abs(found.adjusted()) > _LARGEST_EXPONENT:
        raise DefinitionError(where, "the number is too large or too small")
    return found


def day(raw: object, where: str) -> datetime.date:
    """Return `raw` as a date; it is a date already or written ``YYYY-MM-DD``."""
    if isinstance(raw, datetime.date) and not isinstance(raw, datetime.datetime):
        return raw
    try:
        return datetime.date.fromisoformat(string(raw, where))
    except ValueError as error:
        if isinstance(error, DefinitionError):
            raise
        raise DefinitionError(where, f"{raw!r} is no date written YYYY-MM-DD") from None


def text(raw: object, where: str) -> Text:
    """Return `raw` as a text by language; English and French are there and not empty."""
    found = {key: string(value, at(where, key)) for key, value in mapping(raw, where).items()}
    for key in found:
        if not _LANGUAGE.fullmatch(key):
            raise DefinitionError(where, f"{key!r} is no language code")
    for language in LANGUAGES:
        if language not in found:
            label = _LANGUAGE_NAMES[language]
            raise DefinitionError(at(where, language), f"{label} text missing")
    return found


def storable(raw: object, where: str) -> Mapping[str, object]:
    """Return the mapping `raw` as it is: JSON data that the database can hold, at any depth."""
    pending: list[object] = [mapping(raw, where)]
    while pending:
        found = pending.pop()
        if isinstance(found, Mapping):
            items = cast("Mapping[object, object]", found).items()
            pending += [part for item in items for part in item]
        elif isinstance(found, (list, tuple)):
            pending += list(cast("Iterable[object]", found))
        elif isinstance(found, str) and _UNSTORABLE.search(found):
            raise DefinitionError(where, "it has a character that can't be stored")
        elif found is not None and not isinstance(found, (str, bool, int, float)):
            raise DefinitionError(where, f"{found!r} is no JSON value")
    return mapping(raw, where)


def one_of(choices: Iterable[str]) -> Parse[str]:
    """Return a parser that takes only the `choices`, and suggests the nearest to a wrong one."""
    known = tuple(choices)

    def parse(raw: object, where: str) -> str:
        found = string(raw, where)
        if found not in known:
            listing = ", ".join(known)
            raise DefinitionError(
                where, f"{found!r} is none of {listing}{suggestion(found, known)}"
            )
        return found

    return parse


def suggestion(found: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` where something known is near, else nothing."""
    near = difflib.get_close_matches(found, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def kind_of(raw: object) -> str:
    """Return a word for what `raw` is, for messages."""
    words = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false"}
    return "nothing" if raw is None else words.get(type(raw), f"{raw!r}")


def unique(names: Iterable[str], where: str) -> None:
    """Refuse a name that stands twice."""
    seen: set[str] = set()
    for found in names:
        if found in seen:
            raise DefinitionError(where, f"{found!r} stands twice")
        seen.add(found)


class Fields:
    """The keys of one mapping, each parsed by a getter; keys that nobody knows are refused.

    A key that is absent and one that is null are the same.
    """

    def __init__(self, raw: object, where: str, known: Collection[str] | None = None) -> None:
        self._raw = mapping(raw, where)
        self.where = where
        if known is not None:
            self._refuse_unknown(known)

    def _refuse_unknown(self, known: Collection[str]) -> None:
        for key in self._raw:
            if key not in known:
                hint = suggestion(key, known)
                raise DefinitionError(at(self.where, key), f"this key is not known{hint}")

    def __contains__(self, key: str) -> bool:
        return self._raw.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def at(self, key: str) -> str:
        """Return the place of `key`."""
        return at(self.where, key)

    def raw(self, key: str) -> object:
        """Return the raw value of `key`, None where it is absent."""
        return self._raw.get(key)

    def need(self, key: str, parse: Parse[T]) -> T:
        """Return `key` parsed; it must be there."""
        if key not in self:
            raise DefinitionError(self.at(key), "this key is missing")
        return parse(self._raw[key], self.at(key))

    def maybe(self, key: str, parse: Parse[T]) -> T | None:
        """Return `key` parsed, or None where it is absent."""
        return parse(self._raw[key], self.at(key)) if key in self else None

    def get(self, key: str, parse: Parse[T], default: T) -> T:
        """Return `key` parsed, or `default` where it is absent."""
        return parse(self._raw[key], self.at(key)) if key in self else default

    def all(self, key: str, parse: Parse[T]) -> tuple[T, ...]:
        """Return each element of the list `key` parsed; none where it is absent."""
        return listed(self._raw[key], self.at(key), parse) if key in self else ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a definition comes from, its date, and whether somebody has read it there."""

    citation: str
    date: datetime.date
    url: str | None = None
    verified: bool = False
    note: Text | None = None


def source(raw: object, where: str) -> Source:
    """Return `raw` as a source: what to cite, its date, and whether it was verified."""
    fields = Fields(raw, where, ("citation", "date", "url", "verified", "note"))
    return Source(
        citation=fields.need("citation", string),
        date=fields.need("date", day),
        url=fields.maybe("url", string),
        verified=fields.get("verified", boolean, default=False),
        note=fields.maybe("note", text),
    )
