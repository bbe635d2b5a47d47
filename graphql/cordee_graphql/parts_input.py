"""Inputs that replace parts of a definition, and what is said of a change."""

from collections.abc import Collection
from typing import Any, Protocol

import strawberry

from cordee_core.programmes.adaptation import Account, Consultation
from cordee_graphql.inputs import json_value
from cordee_graphql.types.enums import Consulted


def given_parts(
    given: Any,
    *,
    texts: Collection[str] = (),
    plain: Collection[str] = (),
    choices: Collection[str] = (),
    data: Collection[str] = (),
) -> dict[str, object]:
    """Return the parts that were given, as definitions name them; None removes one."""
    found: dict[str, object] = {}
    for name in (*texts, *plain, *choices, *data):
        part: strawberry.Some[Any] | None = getattr(given, name)
        if part is None:
            continue
        value = part.value
        if value is not None and name in texts:
            value = value.texts()
        elif value is not None and name in choices:
            value = value.value
        elif value is not None and name in data:
            value = json_value(value, "input", "parts", name)
        found[name] = value
    return found


@strawberry.input(description="Who was consulted on a change, and how or what they said.")
class ConsultationInput:
    """One consultation."""

    who: Consulted = strawberry.field(description="Who was asked.")
    note: str = strawberry.field(description="How they were asked, or what they said.")


class Told(Protocol):
    """An input that says why something changes."""

    reason: str | None
    consulted: list[ConsultationInput]
    unvalidated_scoring: list[str]


def account_of(given: Told) -> Account:
    """Return what an input says of its change."""
    return Account(
        reason=given.reason,
        consulted=tuple(Consultation(who=one.who.value, note=one.note) for one in given.consulted),
        unvalidated_scoring=tuple(given.unvalidated_scoring),
    )


REASON = "Why; kept in the record of local adaptations of a template."
CONSULTED = "Who was consulted on it: the persons, relatives, the community, professionals."
UNVALIDATED = (
    "Codes of instruments and rules that are used otherwise than validated from now on: they are"
    " marked in the record."
)
