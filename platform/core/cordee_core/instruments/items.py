"""Items, options and subscales of an instrument definition."""

from decimal import Decimal
from typing import cast

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    at,
    boolean,
    decimal,
    mapping,
    name,
    one_of,
    sequence,
    string,
    text,
    unique,
)
from cordee_core.instruments.conditions import Names, condition
from cordee_core.instruments.model import (
    ITEM_TYPES,
    NOT_APPLICABLE,
    Item,
    ItemType,
    Option,
    Subscale,
)

_KEYS = (
    *("linkId", "type", "label", "text", "options", "range", "whole", "required", "na"),
    *("enable_when", "domain", "codes"),
)


def item(raw: object, where: str, before: Names) -> Item:
    """Return `raw` as an item; `before` names the items that its ``enable_when`` may read."""
    fields = Fields(raw, where, _KEYS)
    kind = fields.need("type", one_of(ITEM_TYPES))
    low, high = fields.maybe("range", _range) or (None, None)
    label, wording = fields.maybe("label", text), fields.maybe("text", text)
    if label is None and wording is None:
        raise DefinitionError(where, "a text or a label is needed, in English and French")
    return Item(
        link_id=fields.need("linkId", name),
        type=cast("ItemType", kind),
        label=label,
        text=wording,
        options=_options(fields, kind),
        minimum=low,
        maximum=high,
        whole=fields.get("whole", boolean, default=True),
        required=fields.get("required", boolean, default=True),
        na=fields.get("na", boolean, default=False),
        enable_when=fields.maybe("enable_when", lambda one, place: condition(one, place, before)),
        domain=fields.maybe("domain", string),
        codes={
            system: string(value, at(fields.at("codes"), system))
            for system, value in mapping(fields.raw("codes") or {}, fields.at("codes")).items()
        },
    )


def _range(raw: object, where: str) -> tuple[Decimal, Decimal]:
    ends = sequence(raw, where)
    if len(ends) != 2:
        raise DefinitionError(where, "a range is [lowest, highest]")
    low, high = (decimal(end, at(where, index)) for index, end in enumerate(ends))
    if low > high:
        raise DefinitionError(where, f"{low} is above {high}")
    return low, high


def _options(fields: Fields, kind: str) -> tuple[Option, ...]:
    options = fields.all("options", _option)
    where = fields.at("options")
    if kind in ("choice", "multi_choice") and not options:
        raise DefinitionError(where, f"a {kind} needs options")
    if options and kind not in ("choice", "multi_choice"):
        raise DefinitionError(where, f"a {kind} has no options")
    unique((option.code for option in options), where)
    return options


def _option(raw: object, where: str) -> Option:
    fields = Fields(raw, where, ("code", "label", "score"))
    code = fields.need("code", name)
    if code == NOT_APPLICABLE:
        raise DefinitionError(at(where, "code"), "'na' is no option: write na: true on the item")
    return Option(code, fields.need("label", text), fields.maybe("score", decimal))


def subscale(raw: object, where: str, names: Names) -> Subscale:
    """Return `raw` as a subscale of the items that `names` knows."""
    fields = Fields(raw, where, ("code", "title", "items"))
    return Subscale(
        code=fields.need("code", name),
        title=fields.need("title", text),
        items=fields.need("items", names.group),
    )
