"""Operations made ready: all that a document decides, whoever asks and with which variables."""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.utilities.coerce_input_value import coerce_input_value
from strawberry.types.graphql import OperationType

from cordee_graphql.limits import Measure

MAX_VARIABLE_ERRORS = 50
"""Most variables in error after which the rest is not looked at."""


class Prepared:
    """One operation of a document. Nothing in it is of a caller, so all callers share it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        node: OperationDefinitionNode,
        errors: Sequence[GraphQLError],
    ) -> None:
        self.document, self.node = document, node
        self.errors = tuple(errors)
        """What is wrong with the document; nothing else of it may be used then."""
        self.kind = OperationType(node.operation.value)
        self.name = node.name.value if node.name else node.operation.value
        self.measure = Measure(schema, document, node)
        self._schema = schema

    @cached_property
    def definitions(self) -> dict[str, FragmentDefinitionNode]:
        """The document's fragments, by name."""
        return {
            each.name.value: each
            for each in self.document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }

    @cached_property
    def fragments(self) -> dict[str, FragmentDetails]:
        """The same as graphql-core collects fields with."""
        return {name: FragmentDetails(each, None) for name, each in self.definitions.items()}

    @cached_property
    def _roots(self) -> frozenset[str]:
        return frozenset(_root_fields(self.node.selection_set, self.definitions, set()))

    @cached_property
    def _signatures(self) -> tuple[tuple[GraphQLVariableSignature, bool], ...]:
        """The operation's variables, and whether each may be read by itself: it is no object."""
        found = [
            get_variable_signature(self._schema, each)
            for each in self.node.variable_definitions or ()
        ]
        return tuple(
            (one, is_leaf_type(get_nullable_type(one.type)))
            for one in found
            if not isinstance(one, GraphQLError)  # validation found it: nothing is executed
        )

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """Return the values of the variables, or what is wrong with what was `given`."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, simple in self._signatures:
            name, value = signature.name, given.get(signature.name, Undefined)
            sources[name] = VariableValueSource(signature, value)
            if value is Undefined and signature.default is None:
                if not is_non_null_type(signature.type):
                    continue
            elif simple and value is not Undefined:
                found = coerce_input_value(value, signature.type)
                if found is not Undefined:
                    coerced[name] = found
                    continue
            # An object, a default or a fault: for graphql-core to say.
            return get_variable_values(
                self._schema,
                self.node.variable_definitions or (),
                cast("dict[str, Any]", given),
                max_errors=MAX_VARIABLE_ERRORS,
            )
        return VariableValues(sources, coerced)

    def open_to_all(self, public: Container[str]) -> bool:
        """Return whether it asks for nothing but `public` root fields and introspection."""
        return all(name.startswith("__") or name in public for name in self._roots)


def operation_in(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """Return the operation called `name`, or the only one where none is named; None if none is."""
    found = [
        each
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
        and (not name or (each.name is not None and each.name.value == name))
    ]
    return found[0] if found and (name or len(found) == 1) else None


def _root_fields(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> Iterator[str]:
    for each in selections.selections:
        if isinstance(each, FieldNode):
            yield each.name.value
        elif isinstance(each, InlineFragmentNode):
            yield from _root_fields(each.selection_set, fragments, seen)
        elif isinstance(each, FragmentSpreadNode) and each.name.value not in seen:
            seen.add(each.name.value)
            yield from _root_fields(fragments[each.name.value].selection_set, fragments, seen)
