"""What a process remembers of tokens never outlives a revocation, a role or a plugin."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cordee_core.access.memory import Memory
from cordee_core.access.permissions import Permission
from cordee_core.access.tokens import authenticate, confirmed, digest, recognise
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.database.read_session import ReadSession
from cordee_core.database.unit_of_work import deny, perform, unit_of_work
from cordee_core.errors import ForbiddenError, UnauthenticatedError
from cordee_core.members.end_membership import EndDraft, end_membership, sign_out
from cordee_core.tenants.enable_plugin import EnableDraft, disable_plugin, enable_plugin


@pytest.fixture
async def ask(engine: CordeeEngine, host: Any, cluster: Any) -> Callable[..., Any]:
    """Recognise a token as this process would, for one request."""
    return lambda token: recognise(engine, host, cluster.keys, token)


class Elsewhere:
    """Another process of the installation."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def read(self, token: str) -> list[str]:
        """What a read with `token` gives there."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{token}\n".encode())
        line = await asyncio.wait_for(self._process.stdout.readline(), 30)
        return line.decode().strip().split("|")


@pytest.fixture
async def elsewhere(cluster: Any) -> AsyncIterator[Elsewhere]:
    ((kid, key),) = cluster.keys.keys.items()
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("access_process.py")), cluster.app, kid,
        key.hex(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    yield Elsewhere(process)
    assert process.stdin
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 20) == 0


async def change(engine: CordeeEngine, scope: Any, statement: str, *values: object) -> None:
    """Change the tenant's rows as a use case would."""
    async with unit_of_work(engine, scope, "test"):
        await fetch(statement, *values)


async def test_another_process_forgets_at_once(
    engine: CordeeEngine, tenant: Any, elsewhere: Elsewhere
) -> None:
    """Revocation, a role taken away, a plugin disabled, a language: the very next read knows."""
    admin, reader = tenant["admin"], tenant["reader"]
    token = tenant.tokens["reader"]
    first, again = await elsewhere.read(token), await elsewhere.read(token)
    assert (first[0], again[0]) == ("looked up", "remembered")
    assert first[1:5] == again[1:5]
    assert "person.read" in again[2].split(",")
    assert again[3] == "housing"
    await perform(engine, admin, "pluginDisable", disable_plugin, "housing")
    assert (await elsewhere.read(token))[3] == ""
    await perform(engine, admin, "pluginEnable", enable_plugin, EnableDraft(plugin="housing"))
    assert (await elsewhere.read(token))[3] == "housing"
    assert reader.member is not None
    roles = "UPDATE core.members SET roles = ARRAY['admin'] WHERE id = $1"
    await change(engine, admin, roles, reader.member.id)
    granted = (await elsewhere.read(token))[2].split(",")
    assert "person.read" not in granted
    assert "member.manage" in granted
    await change(engine, admin, "UPDATE core.tenants SET language = 'en'")
    found = await elsewhere.read(token)
    assert (found[0], found[4]) == ("looked up", "en")
    assert (await elsewhere.read(token))[0] == "remembered"
    await perform(engine, reader, "signOut", sign_out, token)
    assert await elsewhere.read(token) == ["401"]
    assert await elsewhere.read(token) == ["401"]


async def test_who_left_is_nobody_at_once(
    engine: CordeeEngine, tenant: Any, elsewhere: Elsewhere
) -> None:
    token, member = tenant.tokens["reader"], tenant["reader"].member
    await elsewhere.read(token)
    assert (await elsewhere.read(token))[0] == "remembered"
    draft = EndDraft(member=member.id, row_version=1)
    await perform(engine, tenant["admin"], "membershipEnd", end_membership, draft)
    assert await elsewhere.read(token) == ["401"]


@pytest.mark.parametrize("road", ["read", "write", "denial", "nothing"])
async def test_no_road_to_the_database_goes_by_memory_alone(
    engine: CordeeEngine, ask: Callable[..., Any], tenant: Any, road: str
) -> None:
    """And what was refused did nothing: the request may be answered again from the start."""
    token = tenant.tokens["reader"]
    scope, done = await ask(token), []
    await perform(engine, tenant["reader"], "signOut", sign_out, token)

    async def use_case(uow: Any, draft: None) -> dict[str, Any]:
        done.append(uow)
        return {}

    async def go() -> None:
        if road == "read":
            session = ReadSession(engine, scope, "test")
            async with session.active():
                done.append(session)
        elif road == "write":
            await perform(engine, scope, "test", use_case, None)
        else:
            await deny(engine, scope, "test", ForbiddenError(permission="case.read"))

    if road != "nothing":
        for _ in range(2):  # a sibling field of the same request is refused too
            with pytest.raises(UnauthenticatedError):
                await go()
    assert done == []
    assert not await confirmed(engine, scope)
    with pytest.raises(UnauthenticatedError):
        await ask(token)
    pool: Any = engine.pool
    assert pool.get_size() == pool.get_idle_size()


async def test_a_request_is_verified_once(
    engine: CordeeEngine, ask: Callable[..., Any], tenant: Any
) -> None:
    """Its own changes do not end it: a payload is read by who made the change."""
    admin = await ask(tenant.tokens["admin"])
    assert admin.proof is not None
    await perform(engine, admin, "pluginDisable", disable_plugin, "housing")
    session = ReadSession(engine, admin, "test")
    async with session.active():
        assert await fetch("SELECT 1 FROM core.tenant_plugins WHERE NOT enabled")
    await session.finish()
    assert await confirmed(engine, admin)
    after = await ask(tenant.tokens["admin"])
    assert not await confirmed(engine, after)
    renewed = await ask(tenant.tokens["admin"])
    assert (renewed.proof, renewed.enabled) == (None, frozenset())


async def test_what_is_remembered_is_what_would_be_looked_up(
    engine: CordeeEngine, ask: Callable[..., Any], tenant: Any, host: Any, cluster: Any
) -> None:
    for role, token in tenant.tokens.items():
        remembered = await ask(token)
        assert remembered.proof is not None, role
        assert remembered == await authenticate(engine, host, cluster.keys, token)
    assert Permission.MEMBER_MANAGE in (await ask(tenant.tokens["admin"])).permissions


def test_memory_is_bounded_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    moment, scope = [0.0], object()
    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    memory, stamp = Memory(most=3, term=10), uuid4()
    for name in "abc":
        memory.keep(digest(name), scope, stamp)  # type: ignore[arg-type]
    assert memory.recall(digest("a"))
    memory.keep(digest("d"), scope, stamp)  # type: ignore[arg-type]
    assert len(memory) == 3
    assert [bool(memory.recall(digest(name))) for name in "abcd"] == [True, False, True, True]
    found = memory.recall(digest("c"))
    assert found
    found[1].lapse()
    assert memory.recall(digest("c")) is None
    moment[0] = 10.0
    assert memory.recall(digest("a")) is None
