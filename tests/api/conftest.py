"""The small schema of `book_shelf`, served by a real Hypercorn: the API without the domain."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypercorn.asyncio import run as hypercorn_run
from hypercorn.asyncio import serve
from hypercorn.config import Config

from cordee_core.access.scope import Scope
from cordee_core.errors import UnauthenticatedError
from cordee_graphql.context import Context
from cordee_graphql.nodes import NodeQueries
from cordee_graphql.operation import Operation
from cordee_graphql.schema import CordeeSchema
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.fast import choose
from cordee_server.http.pages import Pages
from cordee_server.readiness import Readiness

sys.path.insert(0, str(Path(__file__).parent))

from book_shelf import Shelf, TestMutations, TestQueries, make_scope
from connections import Talk

pytest.register_assert_rewrite("http_answers")

choose("fast")
TOKEN = "cdt_0123456789abcdefghijklmnop"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def schema() -> CordeeSchema:
    return CordeeSchema((NodeQueries, TestQueries), (TestMutations,))


@pytest.fixture
def run(schema: CordeeSchema, shelf: Shelf) -> Callable[..., Any]:
    """Execute an operation on the test schema and return the whole answer."""

    async def execute(query: str, *, scope: Scope | None = None, **options: Any) -> dict[str, Any]:
        variables = options.pop("variables", None)
        anonymous = options.pop("anonymous", False)
        operation = Operation(
            shelf, None if anonymous else scope or make_scope(), **{"request_id": "r-1", **options}
        )
        result = await schema.execute(
            query, variable_values=variables, context_value=Context(operation)
        )
        errors = [error.formatted for error in result.errors or ()]
        return {"data": result.data, "errors": errors, "extensions": result.extensions}

    return execute


async def _authenticate(authorization: str | None, language: Any, request_id: str) -> Scope | None:
    if authorization is None:
        return None
    if authorization != f"Bearer {TOKEN}":
        raise UnauthenticatedError
    return make_scope(language or "fr")


async def _nothing() -> Sequence[str]:
    return ()


@asynccontextmanager
async def served(application: Any) -> AsyncIterator[str]:
    """Serve an application on a free port of the loopback; give its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.loglevel = "ERROR"
    stop = asyncio.Event()
    task = asyncio.create_task(serve(application, config, shutdown_trigger=stop.wait))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop.set()
        await task


@pytest.fixture
async def address(schema: CordeeSchema, shelf: Shelf) -> AsyncIterator[str]:
    """Address of the served test schema."""
    gateway = Gateway(schema, shelf, _authenticate, Pages(), 5.0)
    application = make_application(
        gateway, Readiness(_nothing, _nothing), max_body=2000, origins=["https://app.example"]
    )
    async with served(application) as found:
        yield found


@pytest.fixture
async def http(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the served test schema that carries a token."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        yield client


@pytest.fixture
def make() -> Callable[..., Scope]:
    """Make a scope in a language and with permissions."""
    return make_scope


@pytest.fixture(scope="session")
def serving() -> Callable[[Any], AbstractAsyncContextManager[str]]:
    """Serve an application: `served`, for the folders below."""
    return served


@pytest.fixture(params=["fast", "stock"])
def parser(request: pytest.FixtureRequest) -> Iterator[str]:
    """Our class of connections and Hypercorn's own, in turn."""
    before = hypercorn_run.__dict__["TCPServer"]
    choose(request.param)
    yield request.param
    hypercorn_run.__dict__["TCPServer"] = before


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
async def port(parser: str, talk: Talk) -> AsyncIterator[int]:
    """Port of a served `Talk`."""
    async with served(talk) as address:
        yield int(address.rpartition(":")[2])
