"""The schema as pages: one for each kind of type, each type and field with an anchor."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

import graphql
from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
)

Uses = dict[str, set[tuple[str, str]]]
"""By root field, the examples that use it: name and address."""
_BUILT_IN = {"String", "Int", "Boolean", "ID", "Float"}
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Kind:
    """One page of the reference."""

    page: str
    title: str
    about: str
    holds: Callable[[GraphQLNamedType], bool]


KINDS = (
    Kind("queries", "Queries", "What can be read.", lambda one: one.name == "Query"),
    Kind("mutations", "Mutations", "What can be changed.", lambda one: one.name == "Mutation"),
    Kind(
        "subscriptions", "Subscriptions", "What is told as it happens.",
        lambda one: one.name == "Subscription",
    ),
    Kind(
        "payloads", "Payloads", "What mutations answer.",
        lambda one: isinstance(one, GraphQLObjectType) and one.name.endswith("Payload"),
    ),
    Kind(
        "lists", "Lists", "Pages of lists.",
        lambda one: one.name.endswith(("Connection", "Edge")) or one.name == "PageInfo",
    ),
    Kind("objects", "Objects", "What is read.", lambda one: isinstance(one, GraphQLObjectType)),
    Kind(
        "interfaces", "Interfaces and unions", "What several types have in common.",
        lambda one: isinstance(one, (GraphQLInterfaceType, GraphQLUnionType)),
    ),
    Kind(
        "inputs", "Inputs", "What is sent.", lambda one: isinstance(one, GraphQLInputObjectType)
    ),
    Kind("enums", "Enums", "Words to choose from.", lambda one: isinstance(one, GraphQLEnumType)),
    Kind("scalars", "Scalars", "Single values.", lambda one: isinstance(one, GraphQLScalarType)),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line of the search."""

    name: str
    address: str


class Reference:
    """The pages of one schema; `uses` names the examples that use each root field."""

    def __init__(self, schema: GraphQLSchema, uses: Uses) -> None:
        self._schema, self._uses = schema, uses
        self._pages: dict[str, str] = {}
        self.entries: list[Entry] = []
        for name, one in sorted(schema.type_map.items()):
            if not name.startswith("__") and name not in _BUILT_IN:
                self._pages[name] = next(kind.page for kind in KINDS if kind.holds(one))

    def pages(self) -> dict[str, tuple[str, str]]:
        """Return title and content of each page that has something on it."""
        found = {}
        for kind in KINDS:
            names = [name for name, page in self._pages.items() if page == kind.page]
            if names:
                parts = [f"<h1>{kind.title}</h1><p>{kind.about}</p>"]
                parts += [self._type(name, self._schema.type_map[name]) for name in names]
                found[kind.page] = (kind.title, "\n".join(parts))
        return found

    def _type(self, name: str, one: GraphQLNamedType) -> str:
        self.entries.append(Entry(name, f"{self._pages[name]}.html#{name}"))
        parts = [f'<section id="{name}"><h2>{name}</h2>', prose(one.description)]
        if isinstance(one, (GraphQLObjectType, GraphQLInterfaceType)):
            if one.interfaces:
                parts.append(f"<p>Is a {', '.join(map(self._link, one.interfaces))}.</p>")
            parts += [self._field(name, key, field) for key, field in one.fields.items()]
        if isinstance(one, (GraphQLInterfaceType, GraphQLUnionType)):
            known = sorted(self._schema.get_possible_types(one), key=lambda each: each.name)
            if known:
                parts.append(f"<p>One of {', '.join(map(self._link, known))}.</p>")
        elif isinstance(one, GraphQLInputObjectType):
            parts.append(self._inputs(one.fields))
        elif isinstance(one, GraphQLEnumType):
            rows = [
                f"<dt><code>{key}</code></dt><dd>{prose(value.description)}</dd>"
                for key, value in one.values.items()
            ]
            parts.append(f"<dl>{''.join(rows)}</dl>")
        return "".join([*parts, "</section>"])

    def _field(self, owner: str, name: str, field: GraphQLField) -> str:
        anchor = f"{owner}.{name}"
        self.entries.append(Entry(anchor, f"{self._pages[owner]}.html#{anchor}"))
        parts = [
            f'<div class="field" id="{anchor}">',
            f"<h3><code>{name}</code>: {self._link(field.type)}</h3>",
            f'<p class="old">Deprecated: {escape(field.deprecation_reason)}</p>'
            if field.deprecation_reason
            else "",
            prose(field.description),
            self._inputs(field.args) if field.args else "",
        ]
        if examples := sorted(self._uses.get(anchor, ())):
            links = ", ".join(f'<a href="../{address}">{name}</a>' for name, address in examples)
            parts.append(f'<p class="uses">Examples: {links}</p>')
        return "".join([*parts, "</div>"])

    def _inputs(
        self, inputs: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField]
    ) -> str:
        rows = []
        for name, one in inputs.items():
            default = "" if one.default_value is Undefined else f" = {_literal(one)}"
            rows.append(
                f"<dt><code>{name}</code>: {self._link(one.type)}{escape(default)}</dt>"
                f"<dd>{prose(one.description)}</dd>"
            )
        return f"<dl>{''.join(rows)}</dl>"

    def _link(self, kind: GraphQLOutputType | GraphQLNamedType | object) -> str:
        name = get_named_type(kind).name  # type: ignore[arg-type]
        text = escape(str(kind))
        if name not in self._pages:
            return f"<code>{text}</code>"
        link = f'<a href="{self._pages[name]}.html#{name}">{name}</a>'
        return f"<code>{text.replace(name, link, 1)}</code>"


def _literal(one: GraphQLArgument | GraphQLInputField) -> str:
    return graphql.print_ast(graphql.ast_from_value(one.default_value, one.type))


def prose(text: str | None) -> str:
    """Return a description as HTML."""
    paragraphs = (text or "").strip().split("\n\n")
    marked = (_CODE.sub(r"<code>\1</code>", escape(one, quote=False)) for one in paragraphs if one)
    return "".join(f"<p>{one}</p>" for one in marked)


def used_by(examples: Iterable[Path], shown_on: Mapping[str, str]) -> Uses:
    """Return the examples (name and address) that use each root field (``Query.cases``)."""
    found: Uses = defaultdict(set)
    for file in examples:
        document = graphql.parse(file.read_text(encoding="utf-8"))
        for operation in document.definitions:
            if isinstance(operation, graphql.OperationDefinitionNode):
                root = operation.operation.value.title()
                for field in operation.selection_set.selections:
                    if isinstance(field, FieldNode):
                        found[f"{root}.{field.name.value}"].add((file.stem, shown_on[file.stem]))
    return found
