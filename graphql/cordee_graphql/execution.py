"""What happens around the execution of an operation: documents, limits, cost, who may ask."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, OperationDefinitionNode
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from cordee_core.errors import BadRequestError, UnauthenticatedError
from cordee_graphql.context import Context
from cordee_graphql.limits import Size, count_objects, measure
from cordee_graphql.operation import Operation
from cordee_graphql.throttle import Throttle

if TYPE_CHECKING:
    from cordee_graphql.schema import CordeeSchema

_STREAM = {
    "en": "subscriptions come over WebSocket (graphql-transport-ws) or as text/event-stream.",
    "fr": "les abonnements passent par WebSocket (graphql-transport-ws) ou text/event-stream.",
}


class Gate(SchemaExtension):
    """Reads the document from the cache, then refuses what is too large or not allowed.

    A refusal comes before anything is executed, so it has no ``data``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._errors: list[Any] = []
        self._size = Size()
        self._throttle: Throttle | None = None

    @property
    def _schema(self) -> "CordeeSchema":
        return cast("CordeeSchema", self.execution_context.schema)

    @property
    def _operation(self) -> Operation:
        return cast("Context", self.execution_context.context).operation

    def on_parse(self) -> Iterator[None]:
        """Parse the document, or take it from the cache."""
        context = self.execution_context
        if context.query:
            context.graphql_document, self._errors = self._schema.documents.read(context.query)
        yield

    def on_validate(self) -> Iterator[None]:
        """Take over what validation found; else measure the operation and check who asks."""
        context = self.execution_context
        context.pre_execution_errors = list(self._errors)
        if not self._errors and context.graphql_document is not None:
            node = self._node()
            if node.operation.value == "subscription":
                raise BadRequestError(problem=_STREAM)
            self._check_caller(node)
            schema = self._schema
            self._size = measure(schema._schema, context.graphql_document, node, context.variables)
            self._size.check(schema.limits)
        yield

    async def on_execute(self) -> AsyncIterator[None]:
        """Take the cost from the caller's bucket; give back what was not needed."""
        operation, buckets = self._operation, self._schema.buckets
        context = self.execution_context
        operation.writes = context.operation_type is OperationType.MUTATION
        operation.name = context.operation_name or context.operation_type.name.lower()
        cost = max(1, self._size.cost)
        self._throttle = await buckets.take(operation.throttle_key, cost)
        operation.headers.update(self._throttle.headers())
        self._throttle.check()
        yield
        spare = cost - self._actual()
        if spare > 0:
            await buckets.give_back(operation.throttle_key, spare)

    def get_results(self) -> dict[str, Any]:
        """Return ``extensions.cost`` of an operation that was executed, and how it was planned."""
        if self._throttle is None:
            return {}
        plans = {"plan": shown(self._operation.plans)} if self._schema.show_plans else {}
        return plans | {
            "cost": {
                "requestedQueryCost": max(1, self._size.cost),
                "actualQueryCost": self._actual() if self._throttle.granted else 0,
                "throttleStatus": self._throttle.status(),
            }
        }

    def _actual(self) -> int:
        data = getattr(self.execution_context.result, "data", None)
        return min(max(1, self._size.cost), max(1, count_objects(data)))

    def _node(self) -> OperationDefinitionNode:
        context = self.execution_context
        document = cast("Any", context.graphql_document)
        named = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
        wanted = context.operation_name
        return next(
            (each for each in named if wanted and each.name and each.name.value == wanted), named[0]
        )

    def _check_caller(self, node: OperationDefinitionNode) -> None:
        if not self._operation.anonymous:
            return
        document = cast("Any", self.execution_context.graphql_document)
        fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        asked = _root_fields(node.selection_set, fragments, set())
        if any(not name.startswith("__") and name not in self._schema.public for name in asked):
            raise UnauthenticatedError


def shown(plans: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return ``extensions.plan``: the statement of each root field, or why there is none."""
    return {
        key: {"planned": not reason, "reason": reason or None, "statement": statement or None}
        for key, (statement, reason) in plans.items()
    }


def _root_fields(selections: Any, fragments: dict[str, Any], seen: set[str]) -> Iterator[str]:
    for each in selections.selections:
        if isinstance(each, FieldNode):
            yield each.name.value
        elif not isinstance(each, FragmentSpreadNode):
            yield from _root_fields(each.selection_set, fragments, seen)
        elif each.name.value not in seen:
            seen.add(each.name.value)
            yield from _root_fields(fragments[each.name.value].selection_set, fragments, seen)
