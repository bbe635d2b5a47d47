"""Operations over a connection that stays: each subscription as a series of answers.

A subscription outlives tokens, roles and transactions. So each batch of elements is read and
executed by an `Operation` of its own: who asks is looked up anew, the read transaction ends and is
journalled before anything leaves, and while the subscription rests it holds nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    create_source_event_stream,
    execute,
)
from graphql.execution.executor import Executor

from cordee_core.access.scope import Scope
from cordee_core.errors import BadRequestError, OperationTimeoutError, UnauthenticatedError
from cordee_core.languages import Language
from cordee_graphql.context import Context, Installation
from cordee_graphql.failures import publish
from cordee_graphql.feeds import Feed, Item
from cordee_graphql.limits import measure
from cordee_graphql.operation import Backend, Operation
from cordee_graphql.schema import CordeeSchema, abandon, journal_denials
from cordee_graphql.wakeups import Changed, WakeUps

Caller = Callable[[], Awaitable[Scope | None]]
"""Returns who acts now. Raises UnauthenticatedError where the token holds no longer."""

AT_ONCE = 4
"""How many subscriptions of a process use the database at the same time: a wake-up of thousands
leaves connections for everybody else."""

_NAMELESS = {
    "en": "`operationName` must name one of the document's operations.",
    "fr": "`operationName` doit nommer une des opérations du document.",
}
_READ_ONLY = {
    "en": "a GET request must not change anything.",
    "fr": "une requête GET ne doit rien modifier.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation that a client asks for; `resume` is the cursor that its transport gave.

    `may_write` is false where the transport must not change anything (HTTP GET).
    """

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    resume: str | None = None
    may_write: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; a `refusal` ends the operation, nothing of it was executed."""

    body: Mapping[str, Any]
    cursor: str | None = None
    refusal: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """Who is at the other end, in words that do not change while the connection stays."""

    caller: Caller
    language: Language | None
    request_id: str
    address: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class _Subscription:
    """One subscription that may go on."""

    asked: Asked
    client: Client
    document: DocumentNode
    name: str
    cost: int


@dataclass(frozen=True, slots=True)
class Streamer:
    """Executes operations for the transports that keep a connection."""

    schema: CordeeSchema
    backend: Backend
    wakeups: WakeUps
    seconds: float
    installation: Installation | None = None
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def answers(self, asked: Asked, client: Client) -> AsyncGenerator[Answer, None]:
        """Yield the answers to one operation: one, or those of a subscription until it ends."""
        async with self.turns:
            scope = await _caller(client)
        operation = self._operation(scope, client)
        try:
            kind, subscription = self._prepare(asked, client, operation)
        except Exception as error:
            yield _refused(error, operation)
            return
        if kind is not OperationType.SUBSCRIPTION:
            yield await self._once(asked, client, operation)
            return
        try:
            async with aclosing(self._follow(subscription, operation)) as answers:
                async for answer in answers:
                    yield answer
        except Exception as error:
            yield _refused(error, operation)

    def _operation(self, scope: Scope, client: Client) -> Operation:
        return Operation(
            self.backend,
            scope,
            language=client.language or scope.language,
            request_id=client.request_id,
            client=client.address,
            seconds=self.seconds,
        )

    def _context(self, operation: Operation, asked: Asked, client: Client) -> Context:
        return Context(operation, self.installation, client.token, asked.resume)

    def _prepare(
        self, asked: Asked, client: Client, operation: Operation
    ) -> tuple[OperationType, _Subscription]:
        """Read and measure the document. Raises what stands against executing it."""
        document, errors = self.schema.documents.read(asked.query)
        if errors:
            raise _Errors(errors)
        node = _node(document, asked.operation_name)
        if node.operation is OperationType.MUTATION and not asked.may_write:
            raise BadRequestError(problem=_READ_ONLY)
        size = measure(self.schema._schema, document, node, asked.variables)
        size.check(self.schema.limits)
        name = asked.operation_name or (node.name.value if node.name else node.operation.value)
        operation.name = name
        return node.operation, _Subscription(asked, client, document, name, max(1, size.cost))

    async def _once(self, asked: Asked, client: Client, operation: Operation) -> Answer:
        result = await self.schema.execute(
            asked.query,
            variable_values=asked.variables,
            context_value=self._context(operation, asked, client),
            operation_name=asked.operation_name,
        )
        refusal = result.data is None and all(error.path is None for error in result.errors or ())
        return Answer(_body(result, result.extensions), refusal=refusal)

    async def _follow(
        self, subscription: _Subscription, operation: Operation
    ) -> AsyncGenerator[Answer, None]:
        """Yield what the feed gives, as it comes; end by raising what ended it."""
        throttle = await self.schema.buckets.take(operation.throttle_key, subscription.cost)
        throttle.check()
        feed = await self._feed(subscription, operation)
        async with self.wakeups.listen(operation.scope.tenant, feed.case) as ear:
            changed: Changed = None
            while True:
                async with self.turns:
                    answers = await self._batch(subscription, feed, operation, changed)
                for answer in answers:
                    yield answer
                await self._pay(subscription, operation, len(answers))
                changed = None if feed.more else await ear.wait()
                async with self.turns:
                    scope = await _caller(subscription.client)
                operation = self._operation(scope, subscription.client)
                operation.name = subscription.name

    async def _feed(self, subscription: _Subscription, operation: Operation) -> Feed:
        asked, client = subscription.asked, subscription.client
        executor = Executor.build(
            self.schema._schema,
            subscription.document,
            context_value=self._context(operation, asked, client),
            raw_variable_values=asked.variables,
            operation_name=asked.operation_name,
            hide_suggestions=True,
        )
        if isinstance(executor, list):
            raise _Errors(executor)
        source: Any = create_source_event_stream(executor)
        if isinstance(source, Awaitable):
            source = await source
        if isinstance(source, ExecutionResult):
            raise _Errors(source.errors or [])
        return cast("Feed", source)

    async def _batch(
        self, subscription: _Subscription, feed: Feed, operation: Operation, changed: Changed
    ) -> Sequence[Answer]:
        """Read and execute one batch; what was read is journalled when this returns."""
        try:
            async with asyncio.timeout(self.seconds):
                items = await feed.read(operation, changed)
                results = [await self._execute(subscription, operation, item) for item in items]
                await operation.close()
        except TimeoutError:
            await abandon(operation)
            raise OperationTimeoutError from None
        except BaseException:
            await abandon(operation)
            raise
        answers: list[Answer] = []
        for item, result in zip(items, results, strict=True):
            result.errors = publish(result.errors, operation.language, operation.request_id)
            answers.append(Answer(_body(result), item.cursor))
        return answers

    async def _execute(
        self, subscription: _Subscription, operation: Operation, item: Item
    ) -> ExecutionResult:
        found = execute(
            self.schema._schema,
            subscription.document,
            root_value=item.value,
            context_value=self._context(operation, subscription.asked, subscription.client),
            variable_values=subscription.asked.variables,
            operation_name=subscription.asked.operation_name,
        )
        result = await found if isinstance(found, Awaitable) else found
        await journal_denials(operation, cast("Any", result))
        return result

    async def _pay(self, subscription: _Subscription, operation: Operation, answers: int) -> None:
        """Charge a batch to the caller's budget; where that is empty, rest until it suffices."""
        if answers:
            cost = min(answers * subscription.cost, self.schema.limits.cost)
            throttle = await self.schema.buckets.take(operation.throttle_key, cost)
            if not throttle.granted:
                await asyncio.sleep(throttle.retry_after)


class _Errors(Exception):
    """What graphql-core found wrong with an operation."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__()
        self.errors = tuple(errors)


async def _caller(client: Client) -> Scope:
    scope = await client.caller()
    if scope is None:
        raise UnauthenticatedError
    return replace(scope, request_id=client.request_id)


def _node(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    named = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    found = [each for each in named if name is None or (each.name and each.name.value == name)]
    if len(found) != 1:
        raise BadRequestError(problem=_NAMELESS)
    return found[0]


def _body(result: Any, extensions: Mapping[str, Any] | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if extensions:
        body["extensions"] = dict(extensions)
    return body


def _refused(error: Exception, operation: Operation) -> Answer:
    """Return the answer that ends an operation with `error`."""
    found = (
        list(error.errors)
        if isinstance(error, _Errors)
        else [error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)]
    )
    told = publish(found, operation.language, operation.request_id) or []
    return Answer({"errors": [each.formatted for each in told]}, refusal=True)
