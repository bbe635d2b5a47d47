"""What is wrong with an answer, in both languages."""

import difflib
from collections.abc import Iterable

from cordee_core.errors import InvalidAnswerError
from cordee_core.languages import LANGUAGES, say
from cordee_core.problems import Problem

Path = tuple[str | int, ...]


def problem(code: str, near: str | None = None, **params: object) -> Problem:
    """Return the problem `code` in each language, with a suggestion where one is near."""
    texts = Problem()
    for language in LANGUAGES:
        hint = say("answers", "did_you_mean", language, near=repr(near)) if near else ""
        texts[language] = say("answers", code, language, hint=hint, **params)
    return texts


def nearest(found: object, known: Iterable[str]) -> str | None:
    """Return the known word that `found` was probably meant to be."""
    near = difflib.get_close_matches(str(found), list(known), n=1)
    return near[0] if near else None


def refuse(
    item: str, path: Path, code: str, near: str | None = None, **params: object
) -> InvalidAnswerError:
    """Return the error that says why the answer at `path` can't be taken."""
    return InvalidAnswerError(path=path, item=item, problem=problem(code, near, **params))
