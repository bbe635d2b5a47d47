"""Operations on the real database: siblings at once, time limits, nothing leaks."""

from collections.abc import Callable
from typing import Any

import pytest
import strawberry

from cordee_core.access.context import ContextKeys
from cordee_core.access.scope import Actor, Scope
from cordee_core.clock import new_id
from cordee_core.database.engine import CordeeEngine, fetch, fetch_one
from cordee_core.plugins.host import PluginHost
from cordee_graphql.backend import Database
from cordee_graphql.context import Context, Info
from cordee_graphql.operation import Operation
from cordee_graphql.schema import CordeeSchema


@strawberry.type
class ProbeQueries:
    @strawberry.field
    async def transaction(self, info: Info) -> str | None:
        async with info.context.operation.read():
            await fetch("SELECT pg_sleep(0.01)")
            row = await fetch_one("SELECT pg_current_xact_id()::text, ctx.tenant()::text")
            return "/".join(row) if row else None

    @strawberry.field
    async def sleep(self, info: Info, seconds: int) -> str | None:
        async with info.context.operation.read():
            await fetch("SELECT pg_sleep($1)", float(seconds))
        return "slept"

    @strawberry.field
    async def broken(self, info: Info) -> str | None:
        async with info.context.operation.read():
            await fetch("SELECT 1 / 0")
        return None


@pytest.fixture
def ask(engine: CordeeEngine, cluster: Any) -> Callable[..., Any]:
    """Execute an operation on the database for a tenant of its own."""
    schema = CordeeSchema((ProbeQueries,))

    async def execute(query: str, *, seconds: float = 30.0, keys: Any = None) -> Any:
        scope = Scope(
            tenant=new_id(),
            keys=keys or cluster.keys,
            host=PluginHost(),
            member=Actor(id=new_id(), roles=(), display_name="A"),
        )
        operation = Operation(Database(engine), scope, seconds=seconds)
        result = await schema.execute(query, context_value=Context(operation))
        codes = [(error.extensions or {})["code"] for error in result.errors or ()]
        return result.data, codes

    return execute


async def test_siblings_read_in_one_transaction_under_one_tenant(ask: Callable[..., Any]) -> None:
    data, codes = await ask("{ a: transaction b: transaction c: transaction }")
    assert codes == []
    assert len(set(data.values())) == 1
    other, _ = await ask("{ a: transaction }")
    assert set(other.values()).isdisjoint(data.values())


async def test_what_takes_too_long_is_stopped_and_gives_its_connection_back(
    ask: Callable[..., Any], engine: CordeeEngine
) -> None:
    pool: Any = engine.pool
    for _ in range(pool.get_max_size() + 1):
        assert await ask("{ sleep(seconds: 30) }", seconds=0.05) == (None, ["OPERATION_TIMEOUT"])
    data, codes = await ask("{ transaction }")
    assert codes == []
    assert data["transaction"]


async def test_a_failing_statement_costs_its_field_and_no_connection(
    ask: Callable[..., Any], engine: CordeeEngine
) -> None:
    pool: Any = engine.pool
    for _ in range(pool.get_max_size() + 1):
        data, codes = await ask("{ broken }")
        assert (data, codes) == ({"broken": None}, ["INTERNAL"])
    assert (await ask("{ transaction }"))[1] == []


async def test_a_forged_context_is_a_coded_error(ask: Callable[..., Any]) -> None:
    data, codes = await ask("{ transaction }", keys=ContextKeys({"k1": b"forged" * 8}))
    assert data == {"transaction": None}
    assert codes == ["CONTEXT_INVALID"]
