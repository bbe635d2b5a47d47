"""Schedules relative to an event, as models and methods declare them; obligations run them."""

from dataclasses import dataclass

from cordee_core.definitions import Fields, integer, name, natural, one_of, text
from cordee_core.languages import Text

UNITS = ("days", "months", "business_days")
MISSES = ("escalate", "block", "remind")
AUDIENCES = (
    *("person", "household_member", "referent", "team", "relative", "professional", "provider"),
    "tenant",
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something due at an `offset` from the event `anchor`, which may lie before it.

    `window_days` is how long it may take, `every` the same unit again and again, `kind` what is
    done, `audience` with or by whom, `miss` what follows where it is not done.
    """

    code: str
    name: Text
    anchor: str
    offset: int
    unit: str
    kind: str
    window_days: int = 0
    every: int | None = None
    audience: str = "person"
    miss: str = "remind"


_KEYS = (
    *("code", "name", "anchor", "offset", "unit", "kind", "window_days", "every", "audience"),
    "miss",
)


def schedule(raw: object, where: str) -> Schedule:
    """Return `raw` as a schedule."""
    fields = Fields(raw, where, _KEYS)
    return Schedule(
        code=fields.need("code", name),
        name=fields.need("name", text),
        anchor=fields.need("anchor", name),
        offset=fields.need("offset", integer),
        unit=fields.need("unit", one_of(UNITS)),
        kind=fields.need("kind", name),
        window_days=fields.get("window_days", natural, 0),
        every=fields.maybe("every", natural),
        audience=fields.get("audience", one_of(AUDIENCES), "person"),
        miss=fields.get("miss", one_of(MISSES), "remind"),
    )
