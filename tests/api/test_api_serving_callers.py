"""Who is recognised from memory is confirmed before the answer; warm caches refuse as cold ones."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from http_answers import code, post

from cordee_core.access.scope import Scope
from cordee_core.clock import new_id
from cordee_core.errors import UnauthenticatedError
from cordee_graphql.trusted import TrustedDocuments
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.pages import Pages
from cordee_server.readiness import Readiness

SECRET = "{ books { totalCount nodes { secret } } }"
ADD = 'mutation { bookAdd(title: "a") { book { title } } }'


class Doorkeeper:
    """Remembers callers; `right` says whether the memory was right, `now` who it is in truth."""

    def __init__(self, remembered: Scope, now: Scope | None, *, right: bool) -> None:
        self.remembered, self.now, self.right = remembered, now, right
        self.looked_up = self.asked = 0

    async def authenticate(self, *_: Any) -> Scope:
        self.looked_up += 1
        if self.now is None:
            raise UnauthenticatedError
        return self.now

    async def recognise(self, *_: Any) -> Scope:
        return self.remembered

    async def confirmed(self, caller: Scope | None) -> bool:
        assert caller is self.remembered
        self.asked += 1
        return self.right


async def _nothing() -> tuple[str, ...]:
    return ()


@pytest.fixture
def behind(schema: Any, shelf: Any) -> Callable[..., Any]:
    """A client of the test schema behind a doorkeeper."""

    @asynccontextmanager
    async def run(door: Doorkeeper, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
        gateway = Gateway(
            schema, shelf, door.authenticate, Pages(), 5.0,
            recognise=door.recognise, confirmed=door.confirmed, **more,
        )  # fmt: skip
        application = make_application(gateway, Readiness(_nothing, _nothing), max_body=5000)
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client

    return run


async def test_who_is_confirmed_is_not_looked_up(
    behind: Callable[..., Any], make: Callable[..., Scope]
) -> None:
    door = Doorkeeper(make(), None, right=True)
    async with behind(door) as client:
        assert (await post(client, ADD)).json()["data"] == {"bookAdd": {"book": {"title": "a"}}}
    assert (door.asked, door.looked_up) == (1, 0)


async def test_a_memory_that_was_wrong_shows_nothing_of_what_it_allowed(
    behind: Callable[..., Any], make: Callable[..., Scope], shelf: Any
) -> None:
    shelf.books = {new_id(): "a"}
    before, now = make(permissions=["journal.read"]), make()
    async with behind(Doorkeeper(before, now, right=False)) as client:
        answer = await post(client, SECRET)
        assert "hidden" not in answer.text
        assert code(answer) == "FORBIDDEN"
    async with behind(Doorkeeper(before, before, right=False)) as client:
        assert "hidden" in (await post(client, SECRET)).text


@pytest.mark.parametrize("query", [SECRET, "{ nothing }", "{", "{ __typename }"])
async def test_a_token_that_was_revoked_is_401_whatever_is_asked(
    behind: Callable[..., Any], make: Callable[..., Scope], query: str
) -> None:
    async with behind(Doorkeeper(make(), None, right=False)) as client:
        answer = await post(client, query)
        assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")


async def test_a_document_that_ran_is_still_refused_where_only_trusted_ones_run(
    behind: Callable[..., Any], make: Callable[..., Scope]
) -> None:
    async with behind(Doorkeeper(make(), make(), right=True)) as client:
        assert "data" in (await post(client, SECRET)).json()
    only = TrustedDocuments({}, only=True)
    async with behind(Doorkeeper(make(), make(), right=True), trusted=only) as client:
        assert code(await post(client, SECRET)) == "UNKNOWN_DOCUMENT"


async def test_a_mutation_that_ran_by_post_is_still_refused_by_get(
    behind: Callable[..., Any], make: Callable[..., Scope], shelf: Any
) -> None:
    async with behind(Doorkeeper(make(), make(), right=True)) as client:
        await post(client, ADD)
        refused = await client.get("/graphql", params={"query": ADD})
        assert (refused.status_code, code(refused)) == (405, "BAD_REQUEST")
    assert len(shelf.books) == 1


async def test_methods_that_are_not_served_say_which_are(
    behind: Callable[..., Any], make: Callable[..., Scope]
) -> None:
    async with behind(Doorkeeper(make(), make(), right=True)) as client:
        options = await client.options("/graphql")
        assert (options.status_code, options.headers["allow"]) == (204, "GET, OPTIONS, POST")
        for method in ("PUT", "DELETE", "PATCH", "HEAD"):
            answer = await client.request(method, "/graphql")
            assert (answer.status_code, answer.headers["allow"]) == (405, "GET, OPTIONS, POST")
