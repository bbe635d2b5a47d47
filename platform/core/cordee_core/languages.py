"""French and English: the texts that persons read, and the language to answer in."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from babel import negotiate_locale

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Text = Mapping[str, str]
"""One text in several languages, by ISO 639-1 code; always at least ``en`` and ``fr``."""


def negotiate(header: str | None, fallback: Language = "en") -> Language:
    """Return the best of our languages for an ``Accept-Language`` header (RFC 9110 §12.5.4)."""
    ranked = sorted(_weighted(header or ""), key=lambda pair: -pair[0])
    found = negotiate_locale([tag for _, tag in ranked], LANGUAGES, sep="-")
    return "fr" if found == "fr" else "en" if found == "en" else fallback


def _weighted(header: str) -> list[tuple[float, str]]:
    pairs = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if tag and quality > 0:
            pairs.append((quality, tag))
    return pairs


def pick(text: Text, language: Language) -> str:
    """Return `text` in `language`, in English where it has no such language."""
    return text.get(language) or text["en"]


@cache
def catalogue(name: str) -> Mapping[str, Text]:
    """Return ``messages/<name>.toml``: texts by code, each in French and English."""
    source = files("cordee_core") / "messages" / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def say(name: str, code: str, language: Language, /, **params: object) -> str:
    """Return the text `code` of the catalogue `name`, its placeholders filled from `params`."""
    return pick(catalogue(name)[code], language).format_map(_Lenient(params))


class _Lenient(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"
