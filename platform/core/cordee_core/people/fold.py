"""Words of a name as they are searched: without case, accents, apostrophes and hyphens.

Folding is Unicode's compatibility decomposition (NFKD, Unicode Standard Annex 15) with the
non-spacing marks taken away, and case folding (Unicode Standard, section 3.13). Letters that do
not decompose are written as their usual Latin letters. Scripts are not transliterated: a person
has as many names as scripts they write theirs in.
"""

import re
import unicodedata
from collections.abc import Iterable

_LETTERS = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i",
    "ŧ": "t", "ŋ": "n", "ə": "e", "ة": "ه", "ى": "ي", "ٱ": "ا", "ی": "ي", "ک": "ك",
    "ـ": "", "ʼ": "'", "ʻ": "'", "ʹ": "'", "ʾ": "'", "ʿ": "'",
})  # fmt: skip
_JOINS = r"'’‘ʼʻ`´′\-‐‑–־׳"  # apostrophes and hyphens, in several scripts
_WORD = re.compile(rf"[^\W_]+(?:[{_JOINS}]+[^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+")
LONGEST_TOKEN = 60
"""Longest folded word that is kept, in characters."""


def fold(text: str) -> str:
    """Return `text` without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in apart if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFKC", bare.casefold().translate(_LETTERS))


def words(text: str) -> list[str]:
    """Return the folded words of `text`: those around an apostrophe or a hyphen apart."""
    return [piece[:LONGEST_TOKEN] for piece in _PIECE.findall(fold(text))]


def name_tokens(texts: Iterable[str]) -> set[str]:
    """Return every word by which a name is found: its pieces, and what hyphens join as one."""
    found: set[str] = set()
    for text in texts:
        folded = fold(text)
        for joined in _WORD.findall(folded):
            pieces = _PIECE.findall(joined)
            found.update(piece[:LONGEST_TOKEN] for piece in pieces)
            found.add("".join(pieces)[:LONGEST_TOKEN])
    return found


def compact(text: str) -> str:
    """Return the folded letters and digits of `text`, one after the other."""
    return "".join(_PIECE.findall(fold(text)))


def last_digits(phone: str) -> str:
    """Return the last nine digits of a telephone number: the same with and without a country."""
    return "".join(char for char in unicodedata.normalize("NFKC", phone) if char in "0123456789")[
        -9:
    ]


def script_of(text: str) -> str:
    """Return the script of the first letter of `text`, as the word that Unicode names it by."""
    for char in text:
        if unicodedata.category(char).startswith("L"):
            return unicodedata.name(char, "UNKNOWN").partition(" ")[0].lower()
    return "unknown"
