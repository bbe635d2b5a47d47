"""Data of open shape as the API gives it: JSON without floating point."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import cast

from strawberry.scalars import JSON


def exact_json(value: object) -> JSON:
    """Return `value`, each number that is not whole as a decimal text: no digit is lost."""
    return JSON(_exact(value))


def _exact(value: object) -> object:
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {name: _exact(one) for name, one in items}
    if isinstance(value, (list, tuple)):
        return [_exact(one) for one in cast("Iterable[object]", value)]
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return format(value, "f") if isinstance(value, Decimal) else value
