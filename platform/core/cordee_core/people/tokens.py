"""The words by which a person is found: made of the record, written with every change of it.

A token of a name is its folded word. Others begin with ``#``: ``#b:`` a birth date as exactly as it
is known, ``#i:`` an identifier or the person's number, ``#t:`` the end of a telephone number.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.database.rows import find
from cordee_core.people.fold import compact, last_digits, name_tokens
from cordee_core.people.names import texts_of
from cordee_core.people.queries import identifiers_of, merged_into
from cordee_core.people.search import drop_tokens, put_tokens
from cordee_core.people.tables import Person

SHOWN_NAME, FURTHER_NAME, OTHER = 3, 2, 1
"""Weights: the name that is shown counts for more than another one."""
_FEWEST_DIGITS = 6


def tokens_of(row: Mapping[str, Any], identifiers: Iterable[str] = ()) -> dict[str, int]:
    """Return the tokens of a person's row with their weights."""
    family, given, *further = texts_of(row)
    found = dict.fromkeys(name_tokens(further), FURTHER_NAME)
    found |= dict.fromkeys(name_tokens([family, given]), SHOWN_NAME)
    others = {f"#i:{compact(row['number'])}", *(f"#i:{one.lower()}" for one in identifiers)}
    born = birth_token(row["birth_date"], row["birth_date_precision"])
    if born is not None:
        others.add(born)
    points = [one["value"] for one in row["contact_points"] if one["kind"] == "phone"]
    for phone in (row["phone"], *points):
        digits = last_digits(phone or "")
        if len(digits) >= _FEWEST_DIGITS:
            others.add(f"#t:{digits}")
    return found | dict.fromkeys(others, OTHER)


def birth_token(birth: Any, precision: str | None) -> str | None:
    """Return the token of a birth date: its year, month and day as far as they are known."""
    if birth is None:
        return None
    parts = {"year": 1, "month": 2, "day": 3}[precision or "day"]
    return "#b:" + "-".join(birth.isoformat().split("-")[:parts])


async def index_person(scope: Scope, person: UUID, *, fresh: bool = False) -> None:
    """Write the tokens of a person anew; a protected or merged one has none.

    Names and numbers of records that were merged into this one lead here.
    """
    row = await find(Person, person)
    if not fresh:
        await drop_tokens(scope.tenant, person)
    if row["protected"] or row["merged"]:
        return
    found: dict[str, int] = {}
    rows = [row] if fresh else [*(await merged_into(person)), row]
    kept = [] if fresh else await identifiers_of([person])
    for one in rows:
        values = [each["value"] for each in kept] if one is row else []
        for token, weight in tokens_of(one, values).items():
            found[token] = max(weight, found.get(token, 0))
    await put_tokens(scope.tenant, person, found)
