"""Random valid documents for the schema, each made by dice: what the agreement test asks."""

import base64
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import graphql
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_non_null_type,
)

from cordee_core.errors import LimitExceededError, NotFoundError
from cordee_graphql import ids
from cordee_graphql.limits import measure
from cordee_graphql.planner.shapes import shape_of

VALUES = {
    "code": ["housing.ethos_light", "none"],
    "rule": ["housing.uk_homeless_duty", "none"],
    "plugin": ["housing", None],
}


@dataclass
class Pool:
    """What arguments may hold: ids of both tenants, absent and broken ones; cursors."""

    ids: list[str]
    cursors: list[str]


@dataclass
class Author:
    """Writes one random document."""

    schema: graphql.GraphQLSchema
    pool: Pool
    dice: random.Random
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0
    shape: Any = None

    def document(self) -> tuple[str, dict[str, Any]]:
        query = self.schema.query_type
        assert query is not None
        names = [name for name in query.fields if name != "eligibility"]
        easy = [name for name in names if _planned(query, name)]
        chosen = [
            self.dice.choice(easy if self.dice.random() < 0.9 else names)
            for _ in range(self.dice.choice((1, 1, 1, 2, 3)))
        ]
        body = " ".join(self.field(query, name, 0) for name in chosen)
        declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in self.variables.items())
        head = f"query Any({declared})" if declared else "query Any"
        text = " ".join([f"{head} {{ {body} }}", *self.fragments])
        given = {name: value for name, (_, value) in self.variables.items() if value is not ...}
        return text, given

    def field(self, parent: Any, name: str, depth: int) -> str:
        definition = parent.fields[name]
        self.shape = _shape(parent, name)
        given = self.arguments(definition)
        alias = ""
        if given or self.dice.random() < 0.15:
            self.aliases += 1
            alias = f"a{self.aliases}: "
        kind = get_named_type(definition.type)
        below = "" if is_leaf_type(kind) else f" {{ {self.selection(kind, depth + 1)} }}"
        return f"{alias}{name}{given}{self.directive()}{below}"

    def selection(self, kind: Any, depth: int) -> str:
        parts = [self.part(kind, depth) for _ in range(self.dice.randint(1, 4))]
        if self.dice.random() < 0.3:
            parts.append(self.dice.choice(parts))
        return " ".join(part for part in parts if part) or "__typename"

    def part(self, kind: Any, depth: int) -> str:
        toss = self.dice.random()
        if toss < 0.06:
            return "__typename"
        if toss < 0.18 and depth < 7:
            return self.fragment(kind, depth)
        if not isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            return "__typename"
        if isinstance(kind, GraphQLInterfaceType) and toss < 0.75 and depth < 8:
            return self.fragment(kind, depth)
        names = [
            name
            for name, one in kind.fields.items()
            if depth < 6 or is_leaf_type(get_named_type(one.type))
        ]
        easy = [name for name in names if _planned(kind, name)]
        pick = easy if easy and self.dice.random() < 0.99 else names
        return self.field(kind, self.dice.choice(pick), depth) if pick else "__typename"

    def fragment(self, kind: Any, depth: int) -> str:
        on = self.condition(kind)
        below = self.selection(on, depth + 1)
        if self.dice.random() < 0.3:
            name = f"F{len(self.fragments)}"
            self.fragments.append("")
            self.fragments[int(name[1:])] = f"fragment {name} on {on.name} {{ {below} }}"
            return f"...{name}{self.directive()}"
        condition = "" if on is kind and self.dice.random() < 0.5 else f" on {on.name}"
        return f"...{condition}{self.directive()} {{ {below} }}"

    def condition(self, kind: Any) -> Any:
        """A type that an object of `kind` may be: itself, one of its kinds, its interfaces."""
        possible = [kind]
        if isinstance(kind, GraphQLInterfaceType):
            possible = [kind, *self.schema.get_possible_types(kind)] * 2
        elif isinstance(kind, GraphQLObjectType):
            possible = [kind, kind, *kind.interfaces]
        return self.dice.choice(possible)

    def directive(self) -> str:
        if self.dice.random() > 0.12:
            return ""
        name = self.dice.choice(("include", "skip"))
        value = self.dice.random() < 0.75 if name == "include" else self.dice.random() < 0.25
        if self.dice.random() < 0.5:
            return f" @{name}(if: {json.dumps(value)})"
        return f" @{name}(if: {self.variable('Boolean!', value)})"

    def variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = (kind, value)
        return f"${name}"

    def arguments(self, definition: Any) -> str:
        given = []
        for name, argument in definition.args.items():
            required = is_non_null_type(argument.type)
            rare = name in ("last", "after", "before")
            if not required and self.dice.random() < (0.85 if rare else 0.6):
                continue
            given.append(f"{name}: {self.value(name, argument.type)}")
        return f"({', '.join(given)})" if given else ""

    def value(self, name: str, kind: Any) -> str:
        named, required = get_named_type(kind), is_non_null_type(kind)
        if isinstance(named, GraphQLInputObjectType):
            return self.filter(named)
        if graphql.is_list_type(kind.of_type if required else kind):
            found: Any = [self.dice.choice(self.pool.ids) for _ in range(3)]
        else:
            found = self.scalar(name, named)
        if not required and self.dice.random() < 0.1:
            found = None
        if self.dice.random() < 0.5:
            absent = not required and self.dice.random() < 0.1
            return self.variable(str(kind), ... if absent else found)
        if isinstance(named, GraphQLEnumType):
            return str(found) if found else "null"
        return json.dumps(found)

    def scalar(self, name: str, kind: Any) -> Any:
        if isinstance(kind, GraphQLEnumType):
            return self.dice.choice(list(kind.values))
        if kind.name == "ID":
            return self.dice.choice(self.suited(name) or self.pool.ids)
        if kind.name == "Int":
            return self.dice.choice((0, 1, 1, 2, 2, 3, 3, 5, 7, 100, 101, 1001, -1))
        if kind.name == "Boolean":
            return self.dice.random() < 0.5
        if name in ("after", "before"):
            return self.dice.choice(self.suited(name) or self.pool.cursors)
        return self.dice.choice(VALUES.get(name, ["text"])) or "text"

    def suited(self, name: str) -> list[str]:
        """The ids or cursors that the field takes; sometimes any."""
        if self.dice.random() < 0.15:
            return []
        if name in ("after", "before"):
            order = getattr(self.shape, "order", None)
            return [one for one in self.pool.cursors if _order_of(one) == order]
        target = getattr(self.shape, "target", None)
        wanted = target().__name__ if name == "id" and target else name.removesuffix("Id").title()
        return [one for one in self.pool.ids if _type_of(one) == wanted]

    def filter(self, kind: Any) -> str:
        fields = [name for name in kind.fields if self.dice.random() < 0.3]
        given = ", ".join(f"{name}: {self.value(name, kind.fields[name].type)}" for name in fields)
        return f"{{{given}}}"


def _shape(kind: Any, name: str) -> Any:
    return shape_of(getattr(kind.fields[name].extensions["strawberry-definition"], "metadata", {}))


def _planned(kind: Any, name: str) -> bool:
    part = kind.name.endswith(("Connection", "Edge")) or kind.name == "PageInfo"
    return part or _shape(kind, name) is not None


def _type_of(gid: str) -> str | None:
    try:
        return ids.decode(gid)[0]
    except NotFoundError:
        return None


def _order_of(cursor: str) -> str | None:
    try:
        return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[0]
    except ValueError:
        return None


def fits(schema: Any, document: str, variables: dict[str, Any], largest: int) -> bool:
    """Whether the document is valid, and small enough for the test to end."""
    try:
        parsed, errors = schema.documents.read(document)
    except LimitExceededError:
        return False
    size = None if errors else measure(schema._schema, parsed, parsed.definitions[0], variables)
    return size is not None and size.cost <= largest


def cursors_in(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        if isinstance(data.get("cursor"), str):
            yield data["cursor"]
        for value in data.values():
            yield from cursors_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from cursors_in(value)
