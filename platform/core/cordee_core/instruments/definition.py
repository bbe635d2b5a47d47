"""Instrument definitions: a raw mapping becomes an `Instrument`, or is refused with its place."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar, cast

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    at,
    code,
    day,
    mapping,
    name,
    natural,
    one_of,
    source,
    string,
    text,
    unique,
)
from cordee_core.instruments.conditions import Names, condition
from cordee_core.instruments.items import item, subscale
from cordee_core.instruments.model import (
    VERDICTS,
    Flag,
    Instrument,
    Item,
    Licence,
    Reference,
    Score,
    Subscale,
    Verdict,
)
from cordee_core.instruments.scores import score

__all__ = ["Instrument", "parse_instrument"]

T = TypeVar("T")

_KEYS = (
    *("code", "version", "title", "description", "licence", "sources", "effective", "codes"),
    *("items", "subscales", "scores", "decided_by", "flags", "cases"),
    *("validity_days", "populations", "languages", "caution"),
)


def parse_instrument(raw: Mapping[str, object]) -> Instrument:
    """Return the instrument that `raw` defines; its licence allows what it carries.

    Raises:
        DefinitionError: something is missing, unknown, untranslated, or not allowed by the licence.
    """
    fields = Fields(raw, "", _KEYS)
    licence = fields.need("licence", _licence)
    items = _items(fields)
    _obey(licence, items)
    names = Names(
        [one.link_id for one in items],
        {one.code: one.items for one in _subscales(fields, items)},
    )
    scores = _scores(fields, names, items)
    keys = [one.key for one in scores]
    whole = Names(names.items, names.subscales, keys)
    return Instrument(
        code=fields.need("code", code),
        version=fields.need("version", string),
        title=fields.need("title", text),
        description=fields.need("description", text),
        licence=licence,
        sources=_at_least_one(fields.all("sources", source), "sources"),
        effective=fields.need("effective", day),
        items=items,
        subscales=_subscales(fields, items),
        scores=scores,
        decided_by=_at_least_one(fields.all("decided_by", one_of(keys)), "decided_by"),
        flags=fields.all("flags", lambda one, where: _flag(one, where, whole)),
        validity_days=fields.maybe("validity_days", natural),
        populations=fields.all("populations", text),
        languages=fields.all("languages", string),
        caution=fields.maybe("caution", text),
        codes=fields.get("codes", _codes, {}),
        references=_references(fields, keys),
    )


def _licence(raw: object, where: str) -> Licence:
    fields = Fields(raw, where, ("verdict", "holder", "terms", "exempt"))
    verdict = fields.need("verdict", one_of(VERDICTS))
    if verdict == "forbidden":
        raise DefinitionError(at(where, "verdict"), "a forbidden instrument is not offered at all")
    return Licence(
        verdict=cast("Verdict", verdict),
        holder=fields.need("holder", string),
        terms=fields.need("terms", string),
        exempt=fields.maybe("exempt", string),
    )


def _items(fields: Fields) -> tuple[Item, ...]:
    found: list[Item] = []

    def parse(raw: object, where: str) -> Item:
        before = Names([one.link_id for one in found], {})
        found.append(item(raw, where, before))
        return found[-1]

    items = _at_least_one(fields.all("items", parse), "items")
    unique((one.link_id for one in items), "items")
    return items


def _obey(licence: Licence, items: Iterable[Item]) -> None:
    """Refuse wording that the licence keeps out, and the lack of wording that must be there."""
    for index, one in enumerate(items):
        where = at(at("items", index), "text")
        if licence.verdict == "definition_only" and one.text is not None:
            raise DefinitionError(
                where, "the licence is definition_only: no item wording may travel"
            )
        if licence.verdict == "ship" and one.text is None and licence.exempt is None:
            raise DefinitionError(
                where,
                "the licence is ship: English and French wording is needed, or licence.exempt",
            )


def _subscales(fields: Fields, items: Iterable[Item]) -> tuple[Subscale, ...]:
    names = Names([one.link_id for one in items], {})
    found = fields.all("subscales", lambda raw, where: subscale(raw, where, names))
    unique((one.code for one in found), "subscales")
    return found


def _scores(fields: Fields, names: Names, items: tuple[Item, ...]) -> tuple[Score, ...]:
    found: list[Score] = []

    def parse(raw: object, where: str) -> Score:
        known = Names(names.items, names.subscales, [one.key for one in found])
        found.append(score(raw, where, known, items))
        return found[-1]

    scores = _at_least_one(fields.all("scores", parse), "scores")
    unique((one.key for one in scores), "scores")
    return scores


def _flag(raw: object, where: str, names: Names) -> Flag:
    fields = Fields(raw, where, ("code", "label", "when", "severity", "due_hours"))
    severity = fields.get("severity", one_of(("notice", "urgent")), "notice")
    return Flag(
        code=fields.need("code", name),
        label=fields.need("label", text),
        when=fields.need("when", lambda one, place: condition(one, place, names)),
        severity=cast('Literal["notice", "urgent"]', severity),
        due_hours=fields.get("due_hours", natural, 0),
    )


def _codes(raw: object, where: str) -> Mapping[str, str]:
    return {
        system: string(value, at(where, system)) for system, value in mapping(raw, where).items()
    }


def _references(fields: Fields, keys: list[str]) -> tuple[Reference, ...]:
    known = (*keys, "status", "flags", "ask")

    def parse(raw: object, where: str) -> Reference:
        inner = Fields(raw, where, ("answers", "expect"))
        expect = Fields(inner.raw("expect"), inner.at("expect"), known)
        return Reference(inner.raw("answers"), {key: expect.raw(key) for key in expect})

    return fields.all("cases", parse)


def _at_least_one(found: tuple[T, ...], where: str) -> tuple[T, ...]:
    if not found:
        raise DefinitionError(where, "at least one is needed")
    return found
