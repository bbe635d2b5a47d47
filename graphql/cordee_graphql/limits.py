"""How large an operation may be, and how its size is found before it runs.

The cost is GitHub's node bound: how many objects the answer can hold at most, pages multiplied by
what is asked of each element. Fragments are measured once and counted at each spread, so a document
whose fragments spread each other many times is measured in linear time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from cordee_core.errors import LimitExceededError
from cordee_graphql.connection import DEFAULT_PAGE, EXPORT_PAGE
from cordee_graphql.nodes import MAX_IDS

ASSUMED_LIST = 10
"""Elements that a list without pages is taken to have."""
MUTATION_COST = 10
_DECIDING = frozenset({"first", "last", "ids"})
_KEPT_SIZES = 64
_WRAPPERS = frozenset({"edges", "nodes", "pageInfo", "node"})


@dataclass(frozen=True)
class Limits:
    """The most that one operation may ask for."""

    tokens: int = 3_000
    depth: int = 20
    aliases: int = 50
    directives: int = 50
    root_fields: int = 20
    cost: int = 20_000


@dataclass(frozen=True)
class Size:
    """What an operation asks for."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    cost: int = 0

    def check(self, limits: Limits) -> None:
        """Raise `LimitExceededError` for the first part that is larger than `limits` allow."""
        if (
            self.cost <= limits.cost
            and self.depth <= limits.depth
            and self.aliases <= limits.aliases
            and self.directives <= limits.directives
            and self.root_fields <= limits.root_fields
        ):
            return
        for each in fields(self):
            value, maximum = getattr(self, each.name), getattr(limits, each.name)
            if value > maximum:
                raise LimitExceededError(limit=each.name, value=value, maximum=maximum)


def measure(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
) -> Size:
    """Return the size of `operation`, which was validated against `schema`."""
    return Measure(schema, document, operation).size(variables)


class Measure:
    """The sizes of one operation, each found once for all variables that weigh the same."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._schema, self._document, self._operation = schema, document, operation
        self._deciding: tuple[str, ...] | None = None
        self._known: dict[tuple[object, ...], Size] = {}

    def size(self, variables: Mapping[str, Any] | None) -> Size:
        """Return the size that the operation has with `variables`."""
        if self._deciding == ():
            return self._known[()]
        values = _values(self._operation, variables)
        if self._deciding is not None:
            found = self._known.get(tuple(weight_of(values.get(name)) for name in self._deciding))
            if found is not None:
                return found
        size, self._deciding = self._measured(values)
        if len(self._known) >= _KEPT_SIZES:
            self._known.clear()
        self._known[tuple(weight_of(values.get(name)) for name in self._deciding)] = size
        return size

    def _measured(self, values: Mapping[str, Any]) -> tuple[Size, tuple[str, ...]]:
        """Return the size with `values`, and the names of the variables that may change it."""
        root = self._schema.get_root_type(self._operation.operation)
        if root is None:
            return Size(), ()
        ruler = _Ruler(self._schema, self._document, values)
        size = ruler.selections(self._operation.selection_set, root)
        if self._operation.operation is OperationType.MUTATION:
            size = _replace(size, cost=size.cost + MUTATION_COST * size.root_fields)
        return size, tuple(sorted(ruler.deciding))


def weight_of(value: object) -> object:
    """Return what of a variable's value may decide a size: its nullness, its number, its length."""
    if isinstance(value, int):
        return max(-1, min(int(value), EXPORT_PAGE + 1))
    if isinstance(value, (list, tuple)):
        return "list", min(len(cast("Sequence[object]", value)), MAX_IDS)
    return value if value is None else "other"


def _values(
    operation: OperationDefinitionNode, given: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    for definition in operation.variable_definitions or ():
        name, default = definition.variable.name.value, definition.default_value
        if isinstance(default, IntValueNode):
            values[name] = int(default.value)
        elif isinstance(default, ListValueNode):
            values[name] = default.values
        if given and name in given:
            values[name] = given[name]
    return values


def _replace(size: Size, **changes: int) -> Size:
    return Size(**{**{each.name: getattr(size, each.name) for each in fields(size)}, **changes})


def _together(sizes: Iterable[Size]) -> Size:
    depth = aliases = directives = root_fields = cost = 0
    for size in sizes:
        depth = max(depth, size.depth)
        aliases += size.aliases
        directives += size.directives
        root_fields += size.root_fields
        cost += size.cost
    return Size(depth, aliases, directives, root_fields, cost)


class _Ruler:
    """Measures selection sets of one document; `root_fields` is the number of fields in each."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, values: Mapping[str, Any]
    ) -> None:
        self._schema, self._values = schema, values
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._measured: dict[str, Size] = {}
        self.deciding: set[str] = set()
        """The variables on which a page or a list of ids depends."""

    def selections(self, node: SelectionSetNode, parent: GraphQLNamedType) -> Size:
        """Return the size of a selection set on the type `parent`."""
        return _together(self._selection(each, parent) for each in node.selections)

    def _selection(self, node: object, parent: GraphQLNamedType) -> Size:
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, FragmentSpreadNode):
            inner = self._fragment(node.name.value)
            return _replace(inner, directives=inner.directives + len(node.directives or ()))
        inline = cast("InlineFragmentNode", node)
        condition = inline.type_condition
        on = self._schema.get_type(condition.name.value) if condition else parent
        inner = self.selections(inline.selection_set, on or parent)
        return _replace(inner, directives=inner.directives + len(inline.directives or ()))

    def _fragment(self, name: str) -> Size:
        if name not in self._measured:
            fragment = self._fragments[name]
            on = self._schema.get_type(fragment.type_condition.name.value)
            size = self.selections(fragment.selection_set, cast("GraphQLNamedType", on))
            self._measured[name] = size
        return self._measured[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> Size:
        aliases, directives = int(node.alias is not None), len(node.directives or ())
        name = node.name.value
        definition = None if name.startswith("__") else _definition(parent, name)
        if definition is None or node.selection_set is None:
            # Introspection reads no data; graphql-core bounds its depth, the tokens its width.
            return Size(int(not name.startswith("__")), aliases, directives, 1, 0)
        inner = self.selections(node.selection_set, get_named_type(definition.type))
        self._note_deciding(node)
        own, times = self._weight(node, definition, parent)
        return Size(
            inner.depth + 1,
            inner.aliases + aliases,
            inner.directives + directives,
            1,
            own + times * inner.cost,
        )

    def _note_deciding(self, node: FieldNode) -> None:
        for argument in node.arguments or ():
            if argument.name.value in _DECIDING and isinstance(argument.value, VariableNode):
                self.deciding.add(argument.value.name.value)

    def _weight(
        self, node: FieldNode, definition: GraphQLField, parent: GraphQLNamedType
    ) -> tuple[int, int]:
        """Return how many objects the field itself gives, and how often its selections apply."""
        if {"first", "last"} <= definition.args.keys():
            size = self._page(node)
            return size, size
        if node.name.value in _WRAPPERS and parent.name.endswith(("Connection", "Edge")):
            return 0, 1
        if "ids" in definition.args and _is_list(definition):
            size = self._length(node, "ids")
            return size, size
        if _is_list(definition) and is_composite_type(get_named_type(definition.type)):
            return ASSUMED_LIST, ASSUMED_LIST
        return 1, 1

    def _page(self, node: FieldNode) -> int:
        for name in ("first", "last"):
            value = self._argument(node, name)
            if isinstance(value, IntValueNode):
                return min(int(value.value), EXPORT_PAGE)
            if isinstance(value, int):
                return max(0, min(value, EXPORT_PAGE))
            if value is not None:
                return EXPORT_PAGE
        return DEFAULT_PAGE

    def _length(self, node: FieldNode, name: str) -> int:
        value = self._argument(node, name)
        if isinstance(value, ListValueNode):
            value = value.values
        return min(len(value), MAX_IDS) if isinstance(value, (list, tuple)) else MAX_IDS

    def _argument(self, node: FieldNode, name: str) -> Any:
        for argument in node.arguments or ():
            if argument.name.value == name:
                if isinstance(argument.value, VariableNode):
                    return self._values.get(argument.value.name.value)
                return argument.value if argument.value.kind != "null_value" else None
        return None


def _definition(parent: GraphQLNamedType, name: str) -> GraphQLField | None:
    if isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
        found: GraphQLField | None = parent.fields.get(name)
        return found
    return None


def _is_list(definition: GraphQLField) -> bool:
    output: Any = definition.type
    return is_list_type(output.of_type if is_non_null_type(output) else output)
