"""Plans, kept by document, permissions and the shape of the variables."""

from collections import OrderedDict
from collections.abc import Callable, Container, Hashable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    collect_fields,
)
from graphql.execution.values import VariableValues
from strawberry.schema import Schema

from cordee_core.access.scope import Scope
from cordee_core.errors import CordeeError
from cordee_graphql import ids
from cordee_graphql.planner.binding import Asked, Value
from cordee_graphql.planner.compile import Compiler, Document, chosen_field
from cordee_graphql.planner.road import wrapped
from cordee_graphql.planner.roots import ALL_WRITERS, compile_changed, compile_root
from cordee_graphql.planner.shapes import shape_of
from cordee_graphql.planner.sql import Unplannable


@dataclass(frozen=True, slots=True)
class RootPlan:
    """What becomes of one root field: its statement, or why it goes the ordinary way."""

    field: str
    statement: str = ""
    values: tuple[Value, ...] = ()
    reason: str = ""
    alone: bool = False
    """For a payload's field: whether it is all that the operation reads."""

    @property
    def planned(self) -> bool:
        """Whether there is a statement."""
        return not self.reason

    def bind(self, asked: Asked) -> list[Any] | None:
        """Return the values of the parameters; None where ordinary execution refuses one."""
        try:
            return [value(asked) for value in self.values]
        except (CordeeError, GraphQLError):
            return None


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each root field of an operation, by response key."""

    roots: Mapping[str, RootPlan] = field(default_factory=dict)


_UNREAD = frozenset({"userErrors", "__typename"})
"""Fields of a payload that are at hand."""

Place = tuple[tuple[str, ...], GraphQLObjectType]
"""Where a field stands: its response keys, and the type that it is a field of."""


class Planner:
    """Makes plans for one schema and keeps those that were asked for last."""

    def __init__(self, schema: Schema, most: int = 512) -> None:
        self.schema, self._most = schema, most
        self._kept: OrderedDict[Hashable, Plan] = OrderedDict()

    def plan_for(
        self, document: DocumentNode, name: str | None, scope: Scope, variables: VariableValues
    ) -> Plan | None:
        """Return the plan for a query in `document`; None where there is no such query."""
        named = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
        operation = next(
            (each for each in named if name is None or (each.name and each.name.value == name)),
            None,
        )
        if operation is None:
            return None
        fragments = {
            each.name.value: FragmentDetails(each, None)
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        return self.plan(Document(self.schema, operation, fragments, variables, scope))

    def plan(self, document: Document) -> Plan | None:
        """Return the plan for the query `document`, made at its first sight."""
        if document.operation.operation is not OperationType.QUERY:
            return None
        return self._kept_or(document, (), lambda: self._make(document))

    def plan_changed(
        self, document: Document, cls: type, place: Place, details: FieldDetailsList
    ) -> RootPlan:
        """Return the plan for what is selected of a `cls` in a mutation's payload at `place`."""
        key, parent = place

        def make() -> Plan:
            compiler = Compiler(document, ALL_WRITERS)

            def select() -> str:
                chosen = chosen_field(compiler, parent, details, None)
                return compile_changed(compiler, cls, chosen)

            found = _compiled(compiler, details[0].node.name.value, select)
            return Plan({"": replace(found, alone=_reads_once(document, parent))})

        found = self._kept_or(document, key, make)
        return found.roots[""]

    def _kept_or(self, document: Document, place: Hashable, make: Callable[[], Plan]) -> Plan:
        location = document.operation.loc
        if location is None:
            return make()
        key = (
            location.source.body,
            location.start,
            place,
            signature(document.scope),
            shape(document.variables.coerced, self.schema._schema.type_map),
        )
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        found = self._kept[key] = make()
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found

    def _make(self, document: Document) -> Plan:
        core = self.schema._schema
        kind = core.query_type
        assert kind is not None
        selected = collect_fields(
            core, document.fragments, document.variables, kind, document.operation, True
        ).grouped_field_set
        return Plan({key: _root(document, kind, chosen) for key, chosen in selected.items()})


def _root(document: Document, kind: GraphQLObjectType, details: FieldDetailsList) -> RootPlan:
    name = details[0].node.name.value
    if name.startswith("__"):
        return RootPlan(name, reason="introspection")
    compiler = Compiler(document, ALL_WRITERS)

    def make() -> str:
        found = shape_of(compiler.declared(kind, name)[1].metadata)
        if found is None:
            raise Unplannable("it is not declared")
        return compile_root(compiler, chosen_field(compiler, kind, details, found))

    return _compiled(compiler, name, make)


def _compiled(compiler: Compiler, name: str, make: Callable[[], str]) -> RootPlan:
    try:
        select = make()
    except Unplannable as problem:
        return RootPlan(name, reason=str(problem))
    except (CordeeError, GraphQLError):
        return RootPlan(name, reason="an argument is refused")
    return RootPlan(name, wrapped(select), tuple(compiler.parameters.values))


def _reads_once(document: Document, payload: GraphQLObjectType) -> bool:
    """Return whether a mutation has one root field, and its `payload` one field that reads."""
    core = document.schema._schema
    kind = core.mutation_type
    assert kind is not None
    roots = collect_fields(
        core, document.fragments, document.variables, kind, document.operation, True
    ).grouped_field_set
    if len(roots) != 1:
        return False
    names = [one[0].node.name.value for one in document.selected(payload, *roots.values()).values()]
    return len([name for name in names if name not in _UNREAD]) == 1


def signature(scope: Scope) -> Hashable:
    """Return what in `scope` decides a plan: what may be read, which plugins take part."""
    own = scope.member is not None and scope.member.person_id is not None
    return frozenset(scope.permissions.items()), scope.enabled, own


def shape(value: object, types: Container[str]) -> Hashable:
    """Return what of a variable's value decides a plan: its nullness, its parts, an id's type.

    Only `types` tell ids apart: names that a client makes up would fill the plans.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _type_in(value, types)
    if isinstance(value, Mapping):
        return tuple(sorted((name, shape(each, types)) for name, each in value.items()))
    if isinstance(value, (list, tuple)):
        return "list"
    return "enum" if isinstance(value, Enum) else type(value).__name__


def _type_in(text: str, types: Container[str]) -> str:
    try:
        found = ids.decode(text)[0]
    except CordeeError:
        return "str"
    return found if found in types else "str"
