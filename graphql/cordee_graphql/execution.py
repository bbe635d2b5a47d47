"""One operation from its document to its answer: limits, budget, plans, ordinary execution.

What a request's text decides is found once and kept (`cordee_graphql.prepared`); what the caller
and the variables decide is found for each. A query whose root fields all have plans is answered
by their statements alone. Where one finds nothing, or a value that only a resolver can write,
ordinary execution goes on with what the others found.
"""

from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from graphql import ExecutionResult as CoreResult
from graphql import GraphQLError
from graphql.execution.values import VariableValues
from msgspec import Raw
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from cordee_core.errors import BadRequestError, RateLimitedError, UnauthenticatedError
from cordee_graphql.context import Context
from cordee_graphql.operation import Operation
from cordee_graphql.planner.binding import Asked
from cordee_graphql.planner.compile import Document
from cordee_graphql.planner.executor import Execution, Found
from cordee_graphql.planner.plans import Plan
from cordee_graphql.planner.road import travel
from cordee_graphql.prepared import Prepared
from cordee_graphql.throttle import Throttle

if TYPE_CHECKING:
    from cordee_graphql.schema import CordeeSchema

_STREAM = {
    "en": "subscriptions come over WebSocket (graphql-transport-ws) or as text/event-stream.",
    "fr": "les abonnements passent par WebSocket (graphql-transport-ws) ou text/event-stream.",
}
_LONG, _PART = 1 << 15, 1 << 12
"""Bytes of an answer from which on only a part is counted, of as many bytes."""
_UNSUITED = "nothing was found, or a value that only a resolver can give"


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks: a document, its variables, the operation in it that is meant.

    `allowed` are the kinds of operations that the transport may ask for; None for all.
    """

    query: str
    variables: dict[str, Any] | None = None
    name: str | None = None
    allowed: Collection[OperationType] | None = None
    extensions: dict[str, Any] | None = None


class UnknownOperationError(Exception):
    """The document has no operation of that name, or several and none is named."""


class KindNotAllowedError(Exception):
    """The transport may not ask for operations of this kind: a GET must not write."""


async def answer(schema: "CordeeSchema", request: Request, context: Context) -> ExecutionResult:
    """Return the answer to `request`; what was refused before anything ran has no data.

    Raises:
        UnknownOperationError: it is not clear which operation is meant.
        KindNotAllowedError: the transport may not ask for such an operation.
        CordeeError: the operation is refused.
        GraphQLError: the document does not parse.
    """
    operation = context.operation
    prepared = schema.documents.prepared(request.query, request.name)
    if prepared is None:
        raise UnknownOperationError
    if request.allowed is not None and prepared.kind not in request.allowed:
        raise KindNotAllowedError
    if prepared.errors:
        return ExecutionResult(data=None, errors=list(prepared.errors))
    cost = admitted(schema, prepared, request.variables, operation)
    operation.writes = prepared.kind is OperationType.MUTATION
    operation.name = prepared.name
    throttle = await schema.buckets.take(operation.throttle_key, cost)
    operation.headers.update(throttle.headers())
    if not throttle.granted:
        error = RateLimitedError(retry_after=throttle.retry_after)
        refused = ExecutionResult(None, [GraphQLError("", original_error=error)])
        refused.extensions = {"cost": _told(cost, 0, throttle)}
        return refused
    result = await _executed(schema, prepared, request, context)
    actual = min(cost, max(1, count_objects(result.data)))
    if actual < cost:
        await schema.buckets.give_back(operation.throttle_key, cost - actual)
    plans = {"plan": shown(operation.plans)} if schema.show_plans else {}
    result.extensions = {**plans, "cost": _told(cost, actual, throttle)}
    return result


def admitted(
    schema: "CordeeSchema",
    prepared: Prepared,
    variables: Mapping[str, Any] | None,
    operation: Operation,
) -> int:
    """Return what an operation may cost, if its caller may ask for it and it is not too large.

    Raises:
        BadRequestError: it is a subscription.
        UnauthenticatedError: nobody signed in, and not all of it is for everybody.
        LimitExceededError: it is too large.
    """
    if prepared.kind is OperationType.SUBSCRIPTION:
        raise BadRequestError(problem=_STREAM)
    if operation.anonymous and not prepared.open_to_all(schema.public):
        raise UnauthenticatedError
    size = prepared.measure.size(variables)
    size.check(schema.limits)
    return max(1, size.cost)


async def _executed(
    schema: "CordeeSchema", prepared: Prepared, request: Request, context: Context
) -> ExecutionResult:
    """Execute an operation that was admitted, by its plans as far as it has them."""
    variables = prepared.coerced(request.variables or {})
    if isinstance(variables, list):
        return ExecutionResult(data=None, errors=variables)
    found: Mapping[str, Found] = {}
    plan = _plan(schema, prepared, variables, context.operation)
    if plan is not None:
        found = await _travelled(plan, variables, context.operation)
        data = {key: Raw(one) for key, one in found.items() if isinstance(one, bytes)}
        if len(data) == len(plan.roots):
            return ExecutionResult(data, None)
    return await _ordinary(schema, prepared, request, context, variables, found)


def _plan(
    schema: "CordeeSchema", prepared: Prepared, variables: VariableValues, operation: Operation
) -> Plan | None:
    if schema.planner is None or operation.anonymous:
        return None
    if prepared.kind is not OperationType.QUERY:
        return None
    return schema.planner.plan(
        Document(schema, prepared.node, prepared.fragments, variables, operation.scope)
    )


async def _travelled(
    plan: Plan, variables: VariableValues, operation: Operation
) -> Mapping[str, Found]:
    """Return what the statements of the planned root fields give, by response key."""
    asked = Asked(operation.scope, operation.language, variables)
    alone = len(plan.roots) == 1
    found: dict[str, Found] = {}
    for key, root in plan.roots.items():
        if not root.planned:
            operation.plans[key] = (root.statement, root.reason)
            continue
        values = root.bind(asked)
        one: Found = None
        try:
            if values is not None:
                one = await travel(operation, root.statement, values, alone=alone)
        except Exception as error:  # told at its place, by ordinary execution
            one = error
        found[key] = one
        operation.plans[key] = (root.statement, _UNSUITED if one is None else "")
    return found


async def _ordinary(
    schema: "CordeeSchema",
    prepared: Prepared,
    request: Request,
    context: Context,
    variables: VariableValues,
    found: Mapping[str, Found],
) -> ExecutionResult:
    """Execute an operation field by field, but for those that were `found` already."""
    execution = Execution.of(
        schema, prepared, variables, context, found=found, extensions=request.extensions
    )
    context.planned = execution if context.operation.writes and schema.planner else None
    result: Any = execution.execute_operation()
    if isinstance(result, Awaitable):
        result = await result
    core = cast("CoreResult", result)
    return ExecutionResult(data=core.data, errors=core.errors)


def _told(cost: int, actual: int, throttle: Throttle) -> dict[str, Any]:
    return {
        "requestedQueryCost": cost,
        "actualQueryCost": actual,
        "throttleStatus": throttle.status(),
    }


def shown(plans: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return ``extensions.plan``: the statement of each root field, or why there is none."""
    return {
        key: {"planned": not reason, "reason": reason or None, "statement": statement or None}
        for key, (statement, reason) in plans.items()
    }


def count_objects(data: object) -> int:
    """Return how many objects an answer holds."""
    total, stack = 0, [data]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            total += 1
            stack.extend(cast("dict[str, object]", value).values())
        elif isinstance(value, (list, tuple)):
            stack.extend(cast("Sequence[object]", value))
        elif isinstance(value, Raw):
            total += _braces(bytes(value))
    return total


def _braces(text: bytes) -> int:
    """Return about how many objects a JSON text holds: the figure is for the bucket only.

    Braces in texts count too. Of a long one, parts are counted: its rows are alike.
    """
    if len(text) <= _LONG:
        return text.count(b"{")
    parts = [text[at : at + _PART] for at in range(0, len(text), _LONG)]
    found = sum(part.count(b"{") for part in parts)
    return found * len(text) // sum(map(len, parts))
