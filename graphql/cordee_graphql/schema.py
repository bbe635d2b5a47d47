"""The schema: the core's types and what each plugin adds, composed at start-up.

One schema for all tenants; a field of a plugin that the tenant has not enabled is null with
``PLUGIN_DISABLED``.
"""

import asyncio
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLError
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from cordee_core.errors import ForbiddenError, OperationTimeoutError, PluginError
from cordee_graphql.context import Context
from cordee_graphql.documents import Documents
from cordee_graphql.execution import KindNotAllowedError, Request, UnknownOperationError, answer
from cordee_graphql.failures import ErrorCode, UserError, publish
from cordee_graphql.limits import Limits
from cordee_graphql.operation import Operation
from cordee_graphql.parts import plugin_roots
from cordee_graphql.plain import forget_null_defaults
from cordee_graphql.planner.executor import parsed
from cordee_graphql.planner.plans import Planner
from cordee_graphql.roots import (
    DuplicateFieldError,
    core_mutations,
    core_queries,
    core_subscriptions,
    merge_roots,
    public_fields,
)
from cordee_graphql.throttle import Buckets, LocalBuckets

if TYPE_CHECKING:
    from cordee_core.plugins.host import PluginHost


class _Names(NameConverter):
    """Strawberry's names, each made once: input objects ask for theirs in every request."""

    def apply_naming_config(self, name: str) -> str:
        """Return the GraphQL name of a Python name."""
        return _camel_case(name)


_camel_case = lru_cache(maxsize=None)(NameConverter().apply_naming_config)


class CordeeSchema(Schema):
    """A schema whose errors may leave the process and whose operations end their transactions."""

    def __init__(
        self,
        queries: Iterable[type],
        mutations: Iterable[type] = (),
        subscriptions: Iterable[type] = (),
        *,
        types: Iterable[type] = (),
        limits: Limits | None = None,
        buckets: Buckets | None = None,
        planner: bool = True,
        show_plans: bool = False,
        facets: Iterable[tuple[str, type]] = (),
    ) -> None:
        queries, mutations = tuple(queries), tuple(mutations)
        self.facets = tuple(facets)
        query = merge_roots("Query", queries)
        if query is None:
            raise TypeError("a schema needs a query field")
        super().__init__(
            query=query,
            mutation=merge_roots("Mutation", mutations),
            subscription=merge_roots("Subscription", subscriptions),
            types=[ErrorCode, UserError, *types, *(facet for _, facet in self.facets)],
            config=StrawberryConfig(
                disable_field_suggestions=True, relay_max_results=100, name_converter=_Names()
            ),
        )
        forget_null_defaults(self._schema)
        self.planner = Planner(self) if planner else None
        self.show_plans = show_plans
        self.limits = limits or Limits()
        self.buckets: Buckets = buckets or LocalBuckets()
        self.documents = Documents(self._schema, max_tokens=self.limits.tokens)
        self.public = public_fields((*queries, *mutations))

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Execute an operation; its transactions are over and its errors presentable afterwards.

        Raises:
            UnknownOperationError: it is not clear which operation is meant.
            KindNotAllowedError: it is of a kind that `allowed_operation_types` leave out.
        """
        if root_value is not None:
            raise TypeError("an operation has no root value")
        allowed = None if allowed_operation_types is None else frozenset(allowed_operation_types)
        request = Request(
            query or "", variable_values, operation_name, allowed, operation_extensions
        )
        context = _context(context_value)
        result = await _finished(self, request, context)
        operation = context.operation
        result.errors = publish(result.errors, operation.language, operation.request_id)
        if not operation.splice:
            result.data = cast("dict[str, Any] | None", parsed(result.data))
        return result

    def execute_sync(self, *_: Any, **__: Any) -> ExecutionResult:
        """Refuse: limits, budget and transactions are asynchronous."""
        raise RuntimeError("operations are executed by `execute`")

    async def subscribe(self, *_: Any, **__: Any) -> Any:
        """Refuse: subscriptions are a streamer's (`cordee_graphql.streaming`)."""
        raise RuntimeError("subscriptions are followed by a Streamer")

    stream = subscribe


def build_schema(
    host: "PluginHost",
    *,
    strict: bool = False,
    limits: Limits | None = None,
    buckets: Buckets | None = None,
    planner: bool = True,
    show_plans: bool = False,
) -> CordeeSchema:
    """Return the schema of the core and of every plugin whose part fits.

    The plugins left out are noted in ``host.failures``.

    Raises:
        DuplicateFieldError: two parts of the core declare the same field.
        PluginError: a plugin's part does not fit and `strict` asks for the exception.
    """
    queries, others = core_queries(), (core_mutations(), core_subscriptions())
    make = partial(
        CordeeSchema, limits=limits, buckets=buckets, planner=planner, show_plans=show_plans
    )
    schema = make(queries, *others)
    facets: tuple[tuple[str, type], ...] = ()
    for plugin, root, more in plugin_roots(host, strict=strict):
        try:
            schema = make((*queries, root), *others, facets=(*facets, *more))
        except (DuplicateFieldError, TypeError, ValueError) as error:
            failure = PluginError(plugin, " ".join(str(error).split()))
            if strict:
                raise failure from error
            host.failures[plugin] = failure
        else:
            queries, facets = (*queries, root), (*facets, *more)
    return schema


async def _finished(schema: CordeeSchema, request: Request, context: Context) -> ExecutionResult:
    """Return the result of an operation once its transactions are over."""
    operation = context.operation
    try:
        async with asyncio.timeout(operation.seconds):
            result = await answer(schema, request, context)
            if result.errors:
                await journal_denials(operation, result)
            await operation.close()
    except (UnknownOperationError, KindNotAllowedError):
        raise
    except TimeoutError:
        result = await _failed(operation, OperationTimeoutError())
    except Exception as error:
        result = await _failed(operation, error)
    except BaseException:
        await abandon(operation)
        raise
    return result


def _context(context_value: Any) -> Context:
    if isinstance(context_value, Context):
        return context_value
    raise TypeError("an operation needs a Context")


async def _failed(operation: Operation, error: Exception) -> ExecutionResult:
    await abandon(operation)
    told = error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)
    return ExecutionResult(data=None, errors=[told])


async def abandon(operation: Operation) -> None:
    """End an operation that failed; that this fails too is only logged."""
    try:
        await operation.abandon()
    except Exception as error:  # the first failure is the one to tell
        publish([GraphQLError("", original_error=error)], operation.language, operation.request_id)


async def journal_denials(operation: Operation, result: ExecutionResult) -> None:
    """Journal what the caller was refused to read; refused writes are journalled by `perform`."""
    denied: Mapping[str, ForbiddenError] = {
        ".".join(step for step in error.path if isinstance(step, str)): error.original_error
        for error in result.errors or ()
        if error.path
        and isinstance(error.original_error, ForbiddenError)
        and not (operation.writes and len(error.path) == 1)
    }
    for action, error in sorted(denied.items()):
        await operation.deny(action, error)
