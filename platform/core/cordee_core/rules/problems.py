"""What is wrong with what was given to a rule, in both languages."""

from cordee_core.instruments.problems import Problem
from cordee_core.languages import LANGUAGES, say


def problem(code: str, **params: object) -> Problem:
    """Return the problem `code` of the catalogue ``rules`` in each language."""
    return Problem({language: say("rules", code, language, **params) for language in LANGUAGES})
