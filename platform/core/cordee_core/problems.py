"""What is wrong with a value, in every language at once: the caller's is picked at the edge."""

from cordee_core.languages import LANGUAGES, say


class Problem(dict[str, str]):
    """A text by language that reads as English where nobody picks a language."""

    def __str__(self) -> str:
        return self["en"]

    def __format__(self, spec: str) -> str:
        return format(self["en"], spec)


def problem(catalogue: str, code: str, **params: object) -> Problem:
    """Return the text `code` of a catalogue in each language."""
    return Problem({language: say(catalogue, code, language, **params) for language in LANGUAGES})
