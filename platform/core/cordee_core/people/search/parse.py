"""What is searched for, as ranges of tokens: pure."""

import re
from dataclasses import dataclass
from datetime import date

from cordee_core.people.fold import compact, last_digits, words
from cordee_core.validation import problem

MOST_WORDS = 8
"""Most words of one search; further ones could only narrow it."""
_LAST = "\U0010ffff"
_FEWEST_DIGITS = 3  # of what is searched as a number, not as a name
_BIRTH = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_EUROPEAN = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_ISO = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")


@dataclass(frozen=True, slots=True)
class SearchDraft:
    """Words of names and numbers in any order; birth date and telephone number may be apart."""

    text: str = ""
    birth_date: str | None = None
    phone: str | None = None


@dataclass(frozen=True, order=True, slots=True)
class Term:
    """A range of tokens ``low <= token < high``; a token equal to `low` is an exact match."""

    low: str
    high: str

    @classmethod
    def prefix(cls, text: str) -> "Term":
        """Return the range of the tokens that begin with `text` (by code point)."""
        return cls(text, text + _LAST)

    @classmethod
    def exact(cls, text: str) -> "Term":
        """Return the range that holds `text` alone."""
        return cls(text, text + "\x01")


def parse_search(draft: SearchDraft) -> list[Term]:
    """Return the ranges of which a person must have a token each.

    Raises:
        InvalidInputError: nothing is searched for, or a birth date is none.
    """
    found: list[Term] = []
    for word in draft.text.split():
        found += _terms(word)
    if draft.birth_date:
        found.append(Term.prefix(f"#b:{_birth(draft.birth_date)}"))
    if draft.phone:
        found.append(Term.exact(f"#t:{last_digits(draft.phone)}"))
    terms = sorted(set(found))[:MOST_WORDS]
    if not terms:
        raise problem(("text",), "give a word to search for", "donnez un mot à rechercher")
    return terms


def _terms(word: str) -> list[Term]:
    european = _EUROPEAN.fullmatch(word)
    if european:
        day, month, year = european.groups()
        return [Term.prefix(f"#b:{year}-{month:0>2}-{day:0>2}")]
    if _ISO.fullmatch(word):
        return [Term.prefix(f"#b:{word}")]
    if sum(char.isdigit() for char in word) >= _FEWEST_DIGITS:
        return [Term.exact(f"#i:{compact(word)}")]
    return [Term.prefix(one) for one in words(word)]


def _birth(text: str) -> str:
    match = _BIRTH.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise problem(
            ("birthDate",),
            "a birth date is a year, a month or a day, as 1990, 1990-02 or 1990-02-01",
            "une date de naissance est une année, un mois ou un jour : 1990, 1990-02 ou 1990-02-01",
        ) from None
    return match[0]
