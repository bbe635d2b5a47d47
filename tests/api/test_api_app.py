"""The real application on the real database: ready or not, tokens, nothing without one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from cordee_core.database.engine import bind
from cordee_core.database.engine import engine as bound
from cordee_core.database.tables import DECLARED
from cordee_core.plugins.host import PluginHost
from cordee_core.settings import Settings
from cordee_server.app import build

GRAPHQL = "application/graphql-response+json"


@asynccontextmanager
async def running(settings: Settings, host: PluginHost) -> AsyncIterator[httpx.AsyncClient]:
    before = bound()
    application: Any = build(settings, host)
    try:
        async with application.lifespan():
            transport = httpx.ASGITransport(app=application)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                yield client
    finally:
        bind(before, list(DECLARED.values()))


def settings(url: str, keys: Any, redis: str | None = None, **more: Any) -> Settings:
    addresses = {"CORDEE_DATABASE_URL": url} | ({"CORDEE_REDIS_URL": redis} if redis else {})
    return Settings(addresses=addresses, keys=dict(keys.keys), pool_size=2, **more)


async def test_it_is_ready_on_a_migrated_database(
    cluster: Any, redis_url: str, host: PluginHost, engine: Any
) -> None:
    async with running(settings(cluster.app, cluster.keys, redis_url), host) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()) == (
            200,
            {"status": "ready", "problems": [], "degraded": []},
        )
        answer = await client.post("/graphql", json={"query": "{ __typename }"})
        assert answer.json()["data"] == {"__typename": "Query"}
        assert int(answer.headers["ratelimit-remaining"]) > 0


async def test_without_redis_it_is_degraded_and_serves(
    cluster: Any, host: PluginHost, engine: Any
) -> None:
    async with running(settings(cluster.app, cluster.keys, "redis://127.0.0.1:1"), host) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["degraded"]) == (200, ["redis"])
        answer = await client.post("/graphql", json={"query": "{ __typename }"})
        assert answer.status_code == 200


@pytest.mark.parametrize("token", ["cdt_" + "a" * 43, "x" * 20])
async def test_an_unknown_token_is_refused(
    cluster: Any, host: PluginHost, engine: Any, token: str
) -> None:
    async with running(settings(cluster.app, cluster.keys), host) as client:
        headers = {"Authorization": f"Bearer {token}"}
        answer = await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def _refuses(client: httpx.AsyncClient, because: str) -> None:
    ready = await client.get("/readyz")
    assert ready.status_code == 503
    assert because in ready.json()["problems"][0]
    assert all("\n" not in line for line in ready.json()["problems"])
    assert (await client.get("/livez")).status_code == 200
    answer = await client.post("/graphql", json={"query": "{ __typename }"})
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_READY"


async def test_a_privileged_role_is_not_served(cluster: Any, host: PluginHost, engine: Any) -> None:
    async with running(settings(cluster.superuser_url(), cluster.keys), host) as client:
        await _refuses(client, "superuser")


async def test_a_database_without_our_schema_is_not_served(
    cluster: Any, host: PluginHost, engine: Any
) -> None:
    async with running(
        settings(cluster.url("cordee_app", "postgres"), cluster.keys), host
    ) as client:
        ready = await client.get("/readyz")
        assert ready.status_code == 503


async def test_a_missing_plugin_is_not_served(cluster: Any, host: PluginHost, engine: Any) -> None:
    needed = settings(cluster.app, cluster.keys, required_plugins=("absent",))
    async with running(needed, host) as client:
        await _refuses(client, "absent")


async def test_a_database_that_is_away_is_not_served(
    cluster: Any, host: PluginHost, engine: Any
) -> None:
    away = "postgresql://cordee_app:x@127.0.0.1:1/cordee"
    async with running(settings(away, cluster.keys), host) as client:
        await _refuses(client, "database")
        assert "cordee_app:x" not in (await client.get("/readyz")).text
