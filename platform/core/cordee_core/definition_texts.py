"""What is wrong with a definition, in every language: the English text finds the others.

Parsers say a problem once, in English (`DefinitionError`). Whoever writes definitions in the API
reads it in their language: the text is recognised by its pattern in ``messages/definitions.toml``.
"""

import re
from functools import cache

from cordee_core.languages import Text, catalogue

_HINT = re.compile(r"(?P<told>.*)[;,] did you mean (?P<near>'.*')\?", re.DOTALL)
_PLACE = re.compile(r"{(\w+)}")
_OF_FACTS = ("need_", "too_", "period_")
_WORDS = {
    "a mapping": "un objet", "a list": "une liste", "a text": "un texte", "nothing": "rien",
    "true or false": "vrai ou faux", "True": "vrai", "False": "faux", "English": "anglais",
    "French": "français", "boolean": "un booléen", "number": "un nombre", "date": "une date",
    "text": "un texte", "texts": "des textes", "periods": "des périodes", "none": "aucune",
    "no type": "aucun type",
}  # fmt: skip


def in_languages(problem: str) -> Text:
    """Return a problem that a parser told, in English and French; as it is where it is unknown."""
    hint = _HINT.fullmatch(problem)
    told = hint["told"] if hint else problem
    french = _french(told)
    if hint:
        french = f"{french} ; vouliez-vous dire {hint['near']} ?"
    return {"en": problem, "fr": french}


def _french(told: str) -> str:
    for pattern, text in _patterns():
        found = pattern.fullmatch(told)
        if found:
            return text.format_map({key: _word(value) for key, value in found.groupdict().items()})
    return told


def _word(value: str) -> str:
    """Return what stood in a placeholder, in French where it is a word of ours."""
    parts = value.split(" or ")
    if value not in _WORDS and len(parts) > 1 and all(part in _WORDS for part in parts):
        return " ou ".join(_WORDS[part] for part in parts)
    return _WORDS.get(value, value)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return each English text as a pattern, the most exact first, with its French text."""
    told = (text for key, text in catalogue("rules").items() if key.startswith(_OF_FACTS))
    texts = [*catalogue("definitions").values(), *told]
    texts.sort(key=lambda text: -len(_PLACE.sub("", text["en"])))
    return tuple((_pattern(text["en"]), text["fr"]) for text in texts)


def _pattern(english: str) -> re.Pattern[str]:
    pieces = _PLACE.split(english)
    made = "".join(
        re.escape(piece) if index % 2 == 0 else f"(?P<{piece}>.+?)"
        for index, piece in enumerate(pieces)
    )
    return re.compile(made, re.DOTALL)
