"""Reads the JSON form of a rule's tree into nodes, and says exactly where a node is wrong.

The form is the same for plugin files and for rules that tenants edit, and what comes in is not
trusted: depth and size are limited, names must be declared, kinds must fit, and a definition that
refers to itself is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Source,
    at,
    kind_of,
    mapping,
    string,
    suggestion,
    text,
)
from cordee_core.rules.conditions import CONDITIONS
from cordee_core.rules.facts import Fact
from cordee_core.rules.functions import Function
from cordee_core.rules.nodes import Check, FactValue, Kind, Mark, Value
from cordee_core.rules.parameters import Parameter
from cordee_core.rules.values import VALUES, constant

DEPTH_LIMIT = 20
NODE_LIMIT = 1_000
_USE = "use"
_MARKS = ("code", "sentence", "source")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Names:
    """What a tree may refer to: everything that its rule declares."""

    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    functions: Mapping[str, Function]
    sources: Mapping[str, Source]
    definitions: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader stands: path for messages, depth, the definitions it came through."""

    where: str
    depth: int = 0
    trail: tuple[str, ...] = ()

    def step(self, *steps: str | int) -> "Place":
        """Return the place inside this one, on the same level of the tree."""
        where = self.where
        for one in steps:
            where = at(where, one)
        return replace(self, where=where)

    def error(self, problem: str) -> DefinitionError:
        """Return the error that says `problem` of this place."""
        return DefinitionError(self.where, problem)


class Reader:
    """Reads conditions and values; counts nodes so that a small text can't become a huge tree."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._count = 0
        self._used: set[str] = set()

    def check(self, raw: object, place: Place) -> Check:
        """Return the condition `raw`."""
        place = self._enter(place)
        body = mapping(raw, place.where)
        key = self._node_key(body, (*CONDITIONS, _USE), place)
        if key == _USE:
            _refuse_marks(body, place)
            return self.check(*self._definition(body[key], place.step(key)))
        mark = self._mark(body, place)
        return replace(CONDITIONS[key](self, body[key], place.step(key)), mark=mark)

    def value(self, raw: object, place: Place) -> Value:
        """Return the value `raw`: a constant, or a mapping that names a node."""
        place = self._enter(place)
        if not isinstance(raw, Mapping):
            return constant(raw, place)
        body = mapping(raw, place.where)
        key = self._node_key(body, (*VALUES, _USE), place)
        _refuse_marks(body, place)
        if key == _USE:
            return self.value(*self._definition(body[key], place.step(key)))
        return VALUES[key](self, body[key], place.step(key))

    def checks(self, raw: object, place: Place) -> tuple[Check, ...]:
        """Return the conditions of the list `raw`; there is at least one."""
        return tuple(self.check(one, place.step(i)) for i, one in enumerate(_filled(raw, place)))

    def values(self, raw: object, place: Place) -> tuple[Value, ...]:
        """Return the values of the list `raw`; there is at least one."""
        return tuple(self.value(one, place.step(i)) for i, one in enumerate(_filled(raw, place)))

    def number(self, raw: object, place: Place) -> Value:
        """Return the value `raw`, which is a number."""
        return self.of_kind(("number",), raw, place)

    def of_kind(self, kinds: tuple[Kind, ...], raw: object, place: Place) -> Value:
        """Return the value `raw`, which is of one of `kinds`."""
        found = self.value(raw, place)
        if found.kind not in kinds:
            raise place.error(f"{' or '.join(kinds)} is needed, not {found.kind}")
        return found

    def fact(self, raw: object, place: Place) -> FactValue:
        """Return the fact of the name `raw`, which the rule declares."""
        fact = self.named(self.names.facts, raw, "fact", place)
        return FactValue(fact.name, fact.kind)

    def named(self, known: Mapping[str, T], raw: object, what: str, place: Place) -> T:
        """Return what is `known` under the name `raw`."""
        name = string(raw, place.where)
        if name not in known:
            near = suggestion(name, known).replace(";", ",", 1)
            raise place.error(f"unknown {what} {name!r}{near}")
        return known[name]

    def refuse_unused(self) -> None:
        """Refuse a definition that nothing uses: nobody has read whether it is right."""
        for name in self.names.definitions:
            if name not in self._used:
                raise DefinitionError(at("definitions", name), "nothing uses this definition")

    def _enter(self, place: Place) -> Place:
        self._count += 1
        if self._count > NODE_LIMIT:
            raise place.error(f"the rule has more than {NODE_LIMIT} nodes")
        if place.depth >= DEPTH_LIMIT:
            raise place.error(f"the tree is deeper than {DEPTH_LIMIT} nodes")
        return replace(place, depth=place.depth + 1)

    def _node_key(self, body: Mapping[str, object], known: Iterable[str], place: Place) -> str:
        known = tuple(known)
        keys = [key for key in body if key not in _MARKS]
        if len(keys) != 1:
            listing = ", ".join(keys) or "none"
            raise place.error(f"a node has one of the keys {', '.join(known)}; found: {listing}")
        if keys[0] not in known:
            near = suggestion(keys[0], known).replace(";", ",", 1)
            raise place.error(f"unknown node {keys[0]!r}{near}")
        return keys[0]

    def _mark(self, body: Mapping[str, object], place: Place) -> Mark | None:
        marks = Fields({key: body[key] for key in _MARKS if key in body}, place.where)
        code = marks.maybe("code", string)
        if code is None:
            _refuse_marks(body, place)
            return None
        origin = marks.maybe(
            "source", lambda raw, where: self.named(self.names.sources, raw, "source", Place(where))
        )
        return Mark(code=code, sentence=marks.maybe("sentence", text), source=origin)

    def _definition(self, raw: object, place: Place) -> tuple[object, Place]:
        found = self.named(self.names.definitions, raw, "definition", place)
        name = str(raw)
        self._used.add(name)
        if name in place.trail:
            circle = " → ".join((*place.trail[place.trail.index(name) :], name))
            raise place.error(f"the definition refers to itself ({circle})")
        return found, replace(place, where=at("definitions", name), trail=(*place.trail, name))


def _refuse_marks(body: Mapping[str, object], place: Place) -> None:
    for key in _MARKS:
        if key in body:
            raise place.step(key).error("only a condition with a code has this key")


def _filled(raw: object, place: Place) -> list[object]:
    if not isinstance(raw, (list, tuple)):
        raise place.error(f"a list is needed, not {kind_of(raw)}")
    found: list[object] = list(raw)
    if not found:
        raise place.error("the list is empty")
    return found
