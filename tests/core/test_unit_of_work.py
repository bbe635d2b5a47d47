"""The unit of work: rows, journal, outbox and idempotency key exist together or not at all."""

import asyncio
import hashlib
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cordee_core.access.scope import Actor, Scope
from cordee_core.clock import new_id, now
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.database.unit_of_work import IdempotencyKey, UnitOfWork, perform, unit_of_work
from cordee_core.errors import ForbiddenError, IdempotencyMismatchError

HOST: Any = SimpleNamespace(implementations=lambda _: [SimpleNamespace(name="sample", core=False)])


@pytest.fixture
def scope(cluster: Any) -> Scope:
    """A member of a tenant that nobody else uses."""
    member = Actor(id=new_id(), roles=("referent",), display_name="R")
    return Scope(
        tenant=new_id(),
        keys=cluster.keys,
        host=HOST,
        member=member,
        enabled=frozenset({"sample"}),
        request_id="req-1",
    )


def key(name: str = "k", response_key: str = "a", body: bytes = b"body") -> IdempotencyKey:
    return IdempotencyKey(
        key=name, response_key=response_key, body_hash=hashlib.sha256(body).digest()
    )


async def make_team(uow: UnitOfWork, name: str) -> Mapping[str, UUID]:
    """A use case as features have them."""
    team, person = uow.scope.new_id(), uow.scope.new_id()
    await fetch(
        "INSERT INTO core.teams (tenant_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
        uow.scope.tenant,
        team,
        name,
        uow.scope.clock(),
    )
    uow.touched("Team", team, person=person, fields={"name"})
    uow.emit("cordee_team_made", case=None, team=team)
    return {"team": team}


async def written(engine: CordeeEngine, scope: Scope) -> dict[str, int]:
    """How many rows of this tenant each table has."""
    async with engine.transaction(cordee__context=scope.signed()):
        return {
            table: (await engine.fetch(f"SELECT count(*) AS n FROM core.{table}"))[0]["n"]
            for table in ("teams", "journal_entries", "outbox", "idempotency_keys")
        }


async def rows(engine: CordeeEngine, scope: Scope, table: str) -> list[dict[str, Any]]:
    async with engine.transaction(cordee__context=scope.signed()):
        return [dict(row) for row in await engine.fetch(f"SELECT * FROM core.{table} ORDER BY id")]


ALL, NOTHING = (
    dict.fromkeys(("teams", "journal_entries", "outbox", "idempotency_keys"), 1),
    dict.fromkeys(("teams", "journal_entries", "outbox", "idempotency_keys"), 0),
)


async def test_everything_is_written_at_once(engine: CordeeEngine, scope: Scope) -> None:
    outcome = await perform(engine, scope, "teamCreate", make_team, "North", key())
    assert await written(engine, scope) == ALL
    (entry,) = await rows(engine, scope, "journal_entries")
    assert scope.member
    assert (entry["kind"], entry["action"], entry["member_id"]) == (
        "write",
        "teamCreate",
        scope.member.id,
    )
    assert entry["records"] == [["Team", str(outcome.changed["team"])]]
    assert (entry["fields"], len(entry["subjects"]), entry["request_id"]) == (["name"], 1, "req-1")
    (message,) = await rows(engine, scope, "outbox")
    assert (message["event"], message["consumer"], message["queue"]) == (
        "cordee_team_made",
        "sample",
        "events",
    )
    assert message["payload"] == {"team": str(outcome.changed["team"])}


async def test_a_use_case_that_fails_leaves_nothing(engine: CordeeEngine, scope: Scope) -> None:
    async def fails(uow: UnitOfWork, name: str) -> Mapping[str, UUID]:
        await make_team(uow, name)
        raise ValueError

    async def breaks_a_constraint(uow: UnitOfWork, name: str) -> Mapping[str, UUID]:
        await make_team(uow, name)
        return await make_team(uow, name)

    async def breaks_the_flush(uow: UnitOfWork, name: str) -> Mapping[str, UUID]:
        uow.journal_kind = "no such kind"
        return await make_team(uow, name)

    for use_case, error in (
        (fails, ValueError),
        (breaks_a_constraint, asyncpg.UniqueViolationError),
        (breaks_the_flush, asyncpg.CheckViolationError),
    ):
        with pytest.raises(error):
            await perform(engine, scope, "teamCreate", use_case, "North", key())
        assert await written(engine, scope) == NOTHING


async def test_a_cancelled_use_case_leaves_nothing(engine: CordeeEngine, scope: Scope) -> None:
    async def hangs(uow: UnitOfWork, name: str) -> Mapping[str, UUID]:
        await make_team(uow, name)
        await fetch("SELECT pg_sleep(30)")
        return {}

    task = asyncio.create_task(perform(engine, scope, "teamCreate", hangs, "North", key()))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await written(engine, scope) == NOTHING


async def test_a_repeated_key_gives_the_same_ids_and_writes_nothing(
    engine: CordeeEngine, scope: Scope
) -> None:
    first = await perform(engine, scope, "teamCreate", make_team, "North", key())
    again = await perform(engine, scope, "teamCreate", make_team, "South", key())
    assert (again.changed, again.replayed, first.replayed) == (first.changed, True, False)
    assert await written(engine, scope) == ALL


async def test_a_key_with_another_body_is_refused(engine: CordeeEngine, scope: Scope) -> None:
    await perform(engine, scope, "teamCreate", make_team, "North", key())
    with pytest.raises(IdempotencyMismatchError):
        await perform(engine, scope, "teamCreate", make_team, "South", key(body=b"other"))
    assert await written(engine, scope) == ALL


async def test_a_key_used_at_once_runs_once(engine: CordeeEngine, scope: Scope) -> None:
    async def slow(uow: UnitOfWork, name: str) -> Mapping[str, UUID]:
        await fetch("SELECT pg_sleep(0.2)")  # so that the others come while it runs
        return await make_team(uow, name)

    outcomes = await asyncio.gather(
        *(perform(engine, scope, "teamCreate", slow, f"T{n}", key()) for n in range(12))
    )
    assert len({one.changed["team"] for one in outcomes}) == 1
    assert [one.replayed for one in outcomes].count(False) == 1
    assert await written(engine, scope) == ALL


async def test_a_key_is_one_members_for_one_field(engine: CordeeEngine, scope: Scope) -> None:
    from dataclasses import replace

    assert scope.member
    other_member = replace(scope, member=replace(scope.member, id=new_id()))
    other_tenant = replace(scope, tenant=new_id())
    made = [
        await perform(engine, who, "teamCreate", make_team, name, key(response_key=field))
        for who, name, field in (
            (scope, "1", "a"),
            (scope, "2", "b"),
            (other_member, "3", "a"),
            (other_tenant, "1", "a"),
        )
    ]
    assert [one.replayed for one in made] == [False] * 4
    assert (await written(engine, other_tenant)) == ALL


async def test_a_denial_is_journalled_and_nothing_else(engine: CordeeEngine, scope: Scope) -> None:
    async def denied(uow: UnitOfWork, name: str) -> Mapping[str, UUID]:
        await make_team(uow, name)
        raise ForbiddenError(permission="tenant.manage")

    with pytest.raises(ForbiddenError):
        await perform(engine, scope, "teamCreate", denied, "North", key())
    assert await written(engine, scope) == {**NOTHING, "journal_entries": 1}
    (entry,) = await rows(engine, scope, "journal_entries")
    assert (entry["kind"], entry["code"], entry["fields"]) == (
        "denied",
        "forbidden",
        ["tenant.manage"],
    )


async def test_an_expired_context_writes_nothing(engine: CordeeEngine, scope: Scope) -> None:
    from dataclasses import replace
    from datetime import timedelta

    late = replace(scope, clock=lambda: now() - timedelta(hours=1))
    with pytest.raises(asyncpg.PostgresError) as caught:
        await perform(engine, late, "teamCreate", make_team, "North", key())
    assert caught.value.sqlstate == "CX002"
    assert await written(engine, scope) == NOTHING


async def test_units_of_work_do_not_nest(engine: CordeeEngine, scope: Scope) -> None:
    """The inner one would act for whom the outer one acts."""
    async with unit_of_work(engine, scope, "outer"):
        with pytest.raises(RuntimeError, match="nested"):
            async with unit_of_work(engine, scope, "inner"):
                pytest.fail("the block must not run")
