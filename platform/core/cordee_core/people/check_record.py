"""What is known of a person, checked as a whole before it is written."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cordee_core.people.fields import UNANSWERED, checked_values, need_required
from cordee_core.people.names import stored_contacts, stored_names
from cordee_core.people.queries import person_fields
from cordee_core.validation import (
    maybe_text,
    need_email,
    need_language,
    need_one_of,
    need_past,
    need_text,
    problem,
)

PRECISIONS = ("day", "month", "year", "unknown", "refused")
SEXES = ("female", "male", "other", "unknown", "refused")
GENDERS = ("woman", "man", "non_binary", "other", "unknown", "refused")
ANSWERABLE = (
    *("given_names", "languages", "languages_read", "interpreter_needed", "phone", "email"),
    *("contact_points", "safe_contact", "names"),
)
"""The fields without a value of their own for ``unknown`` and ``refused``."""
_LIMITS = {"given_names": 200, "phone": 40, "safe_contact": 1000}


async def checked_record(
    values: Mapping[str, Any], given: Mapping[str, Any], today: date, *, coded: bool
) -> dict[str, Any]:
    """Return the whole record cleaned, of which `given` is new.

    Raises:
        InvalidInputError: a value is missing, malformed or contradicts another.
        FieldInvalidError: a value does not fit a field that the tenant defined.
    """
    found = dict(values)
    if not coded:
        found["family_name"] = need_text(values["family_name"], "input", "familyName")
    for name, longest in _LIMITS.items():
        found[name] = maybe_text(values[name], "input", camel(name), longest=longest)
    found["given_names"] = found["given_names"] or ""
    if values["email"]:
        found["email"] = need_email(values["email"], "input", "email")
    for name in ("languages", "languages_read"):
        found[name] = [
            need_language(one, "input", camel(name), place)
            for place, one in enumerate(values[name])
        ]
    _choices(values)
    if "names" in given:
        found["names"] = stored_names(given["names"], "input", "names")
    if "contact_points" in given:
        found["contact_points"] = stored_contacts(given["contact_points"], "input", "contactPoints")
    _birth(values["birth_date"], values["birth_date_precision"], today)
    found["unanswered"] = _unanswered(found)
    if "extra" in given:
        found["extra"] = await _extra(values["extra"], given["extra"])
    return found


def merged_extra(known: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what is known with what is given in its place; a null takes away."""
    return {**known, **(given or {})}


async def _extra(values: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict[str, Any]:
    definitions = {one["code"]: one["definition"] for one in await person_fields()}
    checked = {**values, **checked_values(definitions, given or {}, "input", "extra")}
    kept = {code: value for code, value in checked.items() if value is not None}
    need_required(definitions, kept, "input", "extra")
    return kept


def _choices(values: Mapping[str, Any]) -> None:
    for name, choices in (
        ("sex", SEXES), ("gender", GENDERS), ("birth_date_precision", PRECISIONS),
    ):  # fmt: skip
        if values[name] is not None:
            need_one_of(values[name], choices, "input", camel(name))


def _unanswered(record: Mapping[str, Any]) -> dict[str, str]:
    """Return why fields are empty; a field with a value has no such reason."""
    found: dict[str, str] = {}
    for name, answer in record["unanswered"].items():
        need_one_of(name, ANSWERABLE, "input", "unanswered")
        if answer is None or record[name] not in (None, "", [], ()):
            continue
        found[name] = need_one_of(answer, UNANSWERED, "input", "unanswered")
    return found


def _birth(birth: date | None, precision: str | None, today: date) -> None:
    if birth is not None:
        need_past(birth, today, "input", "birthDate")
    if (birth is None) != (precision in (None, "unknown", "refused")):
        raise problem(
            ("input", "birthDatePrecision"),
            "a birth date has the precision day, month or year; without one: unknown or refused",
            "la date est précise au jour, au mois ou à l'année ; sans date : inconnue ou refusée",
        )


def camel(name: str) -> str:
    """Return the name that the API gives to a column."""
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)
