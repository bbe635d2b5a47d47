"""Values of a plan's parameters, found for each request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphql import (
    FieldNode,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
)
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.schema import Schema
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from cordee_core.access.scope import Scope
from cordee_core.languages import Language

_AS_IT_IS = frozenset({"Boolean", "ID", "Int", "String"})


@dataclass(eq=False)
class Site:
    """A field of a document with arguments, whose values a request decides."""

    schema: Schema
    definition: GraphQLField
    declared: StrawberryField
    node: FieldNode
    _literal: dict[str, Any] | None = None
    _simple: tuple[tuple[str, str], ...] | None = None
    """By argument, the variable that it is: where each is one, of a type that is taken as it is."""

    def arguments(self, variables: VariableValues) -> dict[str, Any]:
        """Return the arguments as a resolver would get them; not to be changed."""
        if self._literal is not None:
            return self._literal
        given = variables.coerced
        if self._simple and all(given.get(name) is not None for _, name in self._simple):
            return {argument: given[name] for argument, name in self._simple}
        found = self._found(variables)
        if self._simple is None:
            self._simple = self._all_simple()
        if not any(_has_variable(each.value) for each in self.node.arguments or ()):
            self._literal = found
        return found

    def _all_simple(self) -> tuple[tuple[str, str], ...]:
        given = {each.name.value: each.value for each in self.node.arguments or ()}
        simple: list[tuple[str, str]] = []
        for argument in self.declared.arguments:
            name = self.schema.config.name_converter.from_argument(argument)
            value, kind = given.get(name), self.definition.args[name]
            if value is None and kind.default_value is Undefined:
                continue
            if not isinstance(value, VariableNode) or str(kind.type).rstrip("!") not in _AS_IT_IS:
                return ()
            simple.append((argument.python_name, value.name.value))
        return tuple(simple)

    def _found(self, variables: VariableValues) -> dict[str, Any]:
        given = get_argument_values(self.definition, self.node, variables, None, True)
        return convert_arguments(
            given,
            self.declared.arguments,
            scalar_registry=self.schema.schema_converter.scalar_registry,
            config=self.schema.config,
        )


def _has_variable(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(map(_has_variable, node.values))
    if isinstance(node, ObjectValueNode):
        return any(_has_variable(each.value) for each in node.fields)
    return isinstance(node, VariableNode)


@dataclass(eq=False)
class Asked:
    """One request for a plan: who asks, in which language, with which variables.

    `changed` is the row that a mutation has just written, in a plan for that.
    """

    scope: Scope
    language: Language
    variables: VariableValues
    changed: UUID | None = None
    _known: dict[object, Any] = field(default_factory=dict)

    def once(self, key: object, make: Callable[[], Any]) -> Any:
        """Return what `make` gives, made once for each request."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def arguments(self, site: Site) -> dict[str, Any]:
        """Return the arguments of `site`."""
        found: dict[str, Any] = self.once(site, lambda: site.arguments(self.variables))
        return found

    @property
    def own(self) -> UUID | None:
        """The person whose own access this is."""
        return self.scope.member.person_id if self.scope.member else None


Value = Callable[[Asked], Any]
"""How the value of a parameter is found."""


def tenant(asked: Asked) -> UUID:
    """Return the acting tenant."""
    return asked.scope.tenant


def own_person(asked: Asked) -> UUID | None:
    """Return the person whose own access this is."""
    return asked.own


def member(asked: Asked) -> UUID | None:
    """Return the acting member."""
    return asked.scope.member.id if asked.scope.member else None


def changed(asked: Asked) -> UUID | None:
    """Return the row that a mutation has just written."""
    return asked.changed


def language(asked: Asked) -> Language:
    """Return the language of the operation."""
    return asked.language


class Parameters:
    """The parameters of one statement, in the order of their numbers."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._known: dict[tuple[object, str], str] = {}

    def add(self, value: Value, kind: str, key: object = None) -> str:
        """Return the SQL that stands for `value`, of the PostgreSQL type `kind`.

        The same `key` (else the same function) is one parameter.
        """
        name = (key or value, kind)
        if name not in self._known:
            self.values.append(value)
            self._known[name] = f"${len(self.values)}::{kind}"
        return self._known[name]
