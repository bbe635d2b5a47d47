"""Over HTTP nobody is answered by memory alone, whatever the request asks and comes to."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import httpx
import pytest

from cordee_core.database.engine import fetch
from cordee_core.database.unit_of_work import perform, unit_of_work
from cordee_core.members.end_membership import sign_out
from cordee_core.plugins.host import PluginHost
from cordee_core.settings import Settings
from cordee_graphql.backend import Database
from cordee_graphql.context import Installation
from cordee_graphql.schema import build_schema
from cordee_server import auth
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.pages import Pages
from cordee_server.readiness import Readiness

PERSONS = "{ persons(first: 1) { nodes { id } } }"
TEAM = 'mutation { teamCreate(input: {name: "T"}) { team { id } userErrors { code } } }'
ASKED = [PERSONS, TEAM, "{ __typename }", "{ __schema { queryType { name } } }", "{ nothing }", "{"]


async def _nothing() -> tuple[str, ...]:
    return ()


@pytest.fixture
async def platform(
    engine: Any, host: PluginHost, cluster: Any, serving: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """The platform as it is served, remembering its callers."""
    settings = Settings(keys=dict(cluster.keys.keys))
    of = (engine, host, cluster.keys)
    gateway = Gateway(
        build_schema(host, strict=True), Database(engine), partial(auth.authenticate, *of),
        Pages(), 30.0, Installation(*of, settings),
        recognise=partial(auth.recognise, *of), confirmed=partial(auth.confirmed, engine),
    )  # fmt: skip
    application = make_application(
        gateway, Readiness(_nothing, _nothing), max_body=settings.max_body_bytes
    )
    async with (
        serving(application) as found,
        httpx.AsyncClient(base_url=found, timeout=30.0) as client,
    ):
        yield client


async def ask(client: httpx.AsyncClient, token: str, document: str) -> tuple[int, Any]:
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/graphql-response+json",
    }
    answer = await client.post("/graphql", json={"query": document}, headers=headers)
    body = answer.json()
    codes = [error["extensions"]["code"] for error in body.get("errors", ())]
    return answer.status_code, codes or body["data"]


@pytest.mark.parametrize("document", ASKED)
async def test_a_revoked_token_is_refused_whatever_is_asked(
    platform: httpx.AsyncClient, engine: Any, tenant: Any, document: str
) -> None:
    token = tenant.tokens["supervisor"]
    for _ in range(2):
        assert (await ask(platform, token, "{ __typename }"))[0] == 200
    await perform(engine, tenant["supervisor"], "signOut", sign_out, token)
    for _ in range(2):
        assert await ask(platform, token, document) == (401, ["UNAUTHENTICATED"])
    async with unit_of_work(engine, tenant["admin"], "test"):
        assert await fetch("SELECT 1 FROM core.teams") == []


async def test_a_role_holds_from_the_next_request_on(
    platform: httpx.AsyncClient, engine: Any, tenant: Any
) -> None:
    token, member = tenant.tokens["supervisor"], tenant["supervisor"].member
    give = "UPDATE core.members SET roles = $2 WHERE id = $1"
    for _ in range(2):
        assert "persons" in (await ask(platform, token, PERSONS))[1]
    async with unit_of_work(engine, tenant["admin"], "test"):
        await fetch(give, member.id, ["admin"])
    assert await ask(platform, token, PERSONS) == (200, ["FORBIDDEN"])
    async with unit_of_work(engine, tenant["admin"], "test"):
        await fetch(give, member.id, ["supervisor"])
    status, data = await ask(platform, token, PERSONS)
    assert status == 200
    assert data["persons"]["nodes"]
    async with unit_of_work(engine, tenant["admin"], "test"):
        denied = await fetch("SELECT code FROM core.journal_entries WHERE kind = 'denied'")
    assert [row["code"] for row in denied] == ["forbidden"]
