"""Checks of what callers send, before anything is written."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from cordee_core.errors import InvalidInputError, InvalidTextError
from cordee_core.languages import Text

Path = tuple[str | int, ...]
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,63}")
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,98}[a-z0-9]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
Value = TypeVar("Value")

EMPTY: Text = {"en": "a text is needed here", "fr": "un texte est attendu ici"}
LONG: Text = {"en": "the text is too long", "fr": "le texte est trop long"}
FUTURE: Text = {"en": "the date lies in the future", "fr": "la date est dans le futur"}


def problem(path: Path, en: str, fr: str) -> InvalidInputError:
    """Return the error that says what is wrong with the value at `path`."""
    return InvalidInputError(path=path, problem={"en": en, "fr": fr})


def need_text(value: str | None, *path: str | int, longest: int = 200) -> str:
    """Return `value` without outer blanks. Raises where it is empty, too long or not storable."""
    found = maybe_text(value, *path, longest=longest)
    if found is None:
        raise InvalidInputError(path=path, problem=EMPTY)
    return found


def maybe_text(value: str | None, *path: str | int, longest: int = 200) -> str | None:
    """Return `value` without outer blanks, None where nothing is left."""
    if value is None:
        return None
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise InvalidTextError(path=path)
    found = value.strip()
    if len(found) > longest:
        raise InvalidInputError(path=path, problem=LONG)
    return found or None


def need_email(value: str | None, *path: str | int) -> str:
    """Return the folded address. Raises where it can't be one."""
    found = need_text(value, *path, longest=254).casefold()
    if not _EMAIL.fullmatch(found):
        raise problem(path, "this is no e-mail address", "ce n'est pas une adresse électronique")
    return found


def need_slug(value: str | None, *path: str | int) -> str:
    """Return a short name: 3 to 40 lower-case letters, digits and hyphens."""
    found = need_text(value, *path)
    if not _SLUG.fullmatch(found):
        raise problem(
            path,
            "a short name has 3 to 40 lower-case letters, digits or hyphens, a letter first",
            "un nom court a 3 à 40 minuscules, chiffres ou traits d'union, d'abord une lettre",
        )
    return found


def need_name(value: str | None, *path: str | int) -> str:
    """Return a code of lower-case letters, digits, underscores and dots, a letter first."""
    found = need_text(value, *path, longest=100)
    if not _NAME.fullmatch(found):
        raise problem(
            path,
            "a code has lower-case letters, digits, underscores or dots, a letter first",
            "un code a des minuscules, chiffres, tirets bas ou points, d'abord une lettre",
        )
    return found


def need_language(value: str, *path: str | int) -> str:
    """Return an ISO 639 code of two or three letters."""
    found = need_text(value, *path)
    if not _LANGUAGE.fullmatch(found):
        raise problem(
            path, "this is no ISO 639 language code", "ce n'est pas un code de langue ISO 639"
        )
    return found


def need_past(value: date, today: date, *path: str | int) -> date:
    """Return a date that is not after `today`."""
    if value > today:
        raise InvalidInputError(path=path, problem=FUTURE)
    return value


def need_end(starts_on: date | None, ended: date | None, value: date, *path: str | int) -> date:
    """Return the day on which something dated ends: it has not ended, and begins no later."""
    if ended is not None:
        raise problem(path, "it has ended already", "c'est déjà terminé")
    if starts_on is not None and value < starts_on:
        raise problem(
            path, "it can't end before it begins", "cela ne peut pas finir avant de commencer"
        )
    return value


def need_one_of(value: Value, choices: Iterable[Value], *path: str | int) -> Value:
    """Return `value` if it is one of `choices`."""
    if value not in choices:
        raise problem(path, "this choice does not exist", "ce choix n'existe pas")
    return value
