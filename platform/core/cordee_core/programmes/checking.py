"""What a tenant writes is read as a definition; where it is wrong is said in both languages."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from cordee_core.definition_texts import in_languages
from cordee_core.definitions import DefinitionError, at
from cordee_core.errors import InvalidInputError
from cordee_core.languages import LANGUAGES
from cordee_core.programmes.definition import ProgrammeDefinition, parse_draft
from cordee_core.rules import Rule, parse_rule

T = TypeVar("T")
Raw = Mapping[str, object]


def checked(parse: Callable[[Raw], T], raw: Raw, *path: str | int) -> T:
    """Return `raw` parsed.

    Raises:
        InvalidInputError: it is wrong; its `problem` says where and what, in both languages.
    """
    try:
        return parse(raw)
    except DefinitionError as error:
        told = in_languages(error.problem)
        where = f"{error.where}: " if error.where else ""
        problem = {language: f"{where}{told[language]}" for language in LANGUAGES}
        raise InvalidInputError(path=path, problem=problem) from error


def checked_programme(parts: Raw) -> ProgrammeDefinition:
    """Return the parts as a programme whose own criteria are rules. Raises InvalidInputError."""
    return checked(_with_rules, parts, "input", "parts")


def checked_rule(raw: Raw, *path: str | int) -> Rule:
    """Return the tenant's own rule. Raises InvalidInputError."""
    return checked(parse_rule, raw, *path)


def _with_rules(parts: Raw) -> ProgrammeDefinition:
    found = parse_draft(parts)
    for index, profile in enumerate(found.target_group):
        if profile.own_criteria is not None:
            place = at(at("target_group", index), "own_criteria")
            try:
                parse_rule(profile.own_criteria)
            except DefinitionError as error:
                where = f"{place}.{error.where}" if error.where else place
                raise DefinitionError(where, error.problem) from error
    return found
