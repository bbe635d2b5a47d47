"""The relay: what is due, fair, resent, never lost; and how little its role may see."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import redis

from cordee_worker.broker import QUEUES, connect_redis, make_broker
from cordee_worker.leader import Lease, lead

RESEND = timedelta(seconds=31)


class Post:
    """A broker that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[UUID, UUID, str]] = []
        self.client = self

    def enqueue(self, message: Any) -> None:
        tenant, row = message.args
        self.sent.append((UUID(tenant), UUID(row), message.queue_name))

    def ping(self) -> bool:
        return True

    def take(self) -> list[UUID]:
        """The rows sent since the last time."""
        rows = [row for _, row, _ in self.sent]
        self.sent.clear()
        return rows


class Missing(Post):
    """A broker whose Redis goes away after a few messages and may come back."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def enqueue(self, message: Any) -> None:
        if len(self.sent) >= self.after:
            raise redis.ConnectionError("away")
        super().enqueue(message)

    def ping(self) -> bool:
        if len(self.sent) >= self.after:
            raise redis.ConnectionError("away")
        return True


async def test_due_messages_are_sent_once_and_again_when_nobody_answers(
    tenant: Any, make_relay: Any, world: Any
) -> None:
    post = Post()
    relay = await make_relay(broker=post)
    message = await tenant.emit()

    await relay.step()
    assert post.sent == [(tenant.id, message, "events")]
    post.take()
    await relay.step()
    assert post.take() == []

    world.clock.ahead = RESEND
    await relay.step()
    assert post.take() == [message]


async def test_done_parked_and_future_messages_are_not_sent(
    tenant: Any, make_relay: Any, world: Any
) -> None:
    post = Post()
    relay = await make_relay(broker=post)
    for mark in ("done_at = now()", "parked_at = now()", "due_at = now() + interval '1 hour'"):
        await world.admin.execute(
            f"UPDATE core.outbox SET {mark} WHERE id = $1", await tenant.emit()
        )

    await relay.step()

    assert post.take() == []


async def test_tenants_take_turns_and_a_long_backlog_leaves_room_for_others(
    tenant: Any, make_relay: Any, world: Any
) -> None:
    post, other = Post(), await world.tenant()
    relay = await make_relay(broker=post, per_tenant=5)
    backlog = [await tenant.emit() for _ in range(20)]
    few = [await other.emit() for _ in range(2)]

    await relay.step()
    first = post.take()
    assert first == [backlog[0], few[0], backlog[1], few[1], *backlog[2:5]]

    await relay.step()
    assert post.take() == []  # five are under way
    await world.admin.execute("UPDATE core.outbox SET done_at = now() WHERE id = $1", backlog[0])
    await relay.step()
    assert post.take() == [backlog[5]]


async def test_redis_away_gives_messages_back_and_sends_them_when_it_returns(
    tenant: Any, make_relay: Any
) -> None:
    post = Missing(after=1)
    relay = await make_relay(broker=post)
    messages = [await tenant.emit() for _ in range(3)]

    await relay.step()
    assert post.sent == [(tenant.id, messages[0], "events")]
    assert [(await tenant.row(one))["sent_at"] for one in messages[1:]] == [None, None]
    await relay.step()
    assert len(post.sent) == 1

    post.after = 99
    await relay.step()
    assert post.take() == messages


async def test_redis_that_forgets_everything_loses_nothing(
    tenant: Any, make_relay: Any, world: Any, redis_url: str
) -> None:
    client = connect_redis(redis_url)
    client.flushall()
    broker = make_broker(redis_url)
    relay = await make_relay(broker=broker)
    await tenant.emit()
    await relay.step()
    assert broker.do_qsize("events") == 1

    client.flushall()
    world.clock.ahead = RESEND
    await relay.step()

    assert broker.do_qsize("events") == 1
    client.flushall()


async def test_redis_holds_ids_and_nothing_else(
    tenant: Any, make_relay: Any, redis_url: str
) -> None:
    client = connect_redis(redis_url)
    client.flushall()
    relay = await make_relay(broker=make_broker(redis_url))
    message = await tenant.emit()
    await relay.step()

    (held,) = client.hgetall("dramatiq:events.msgs").values()
    assert str(message).encode() in held
    for word in ("referral", "case", "echo", str(tenant.referral), str(tenant.person)):
        assert word.encode() not in held
    client.flushall()


async def test_relay_goes_on_when_its_connections_break(
    tenant: Any, make_relay: Any, world: Any
) -> None:
    post, stop, started = Post(), asyncio.Event(), asyncio.Event()
    relay = await make_relay(broker=post)

    async def step() -> float:
        await relay.step()
        started.set()
        if post.sent:
            stop.set()
        return 0.02

    task = asyncio.create_task(lead(relay.lease, step, stop))
    await started.wait()
    await world.admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'cordee_relay'"
    )
    message = await tenant.emit()

    async with asyncio.timeout(20):
        await task
    assert post.take() == [message]


async def test_one_leads_and_the_next_has_a_higher_token(make_relay: Any, world: Any) -> None:
    engine = (await make_relay(broker=Post())).engine
    first, second = Lease(engine, "test"), Lease(engine, "test")
    token = await first.hold()
    assert token is not None
    assert await second.hold() is None

    await world.admin.execute("UPDATE core.leases SET expires_at = now() WHERE name = 'test'")
    taken = await second.hold()

    assert taken is not None
    assert taken > token
    async with engine.transaction():
        assert not await first.leads(token)
        assert await second.leads(taken)
    assert await first.hold() is None
    await second.release()
    assert await first.hold() is not None
    await first.release()


async def test_relay_that_lost_its_lease_sends_nothing(
    tenant: Any, make_relay: Any, world: Any
) -> None:
    post = Post()
    relay = await make_relay(broker=post)
    await relay.step()
    await world.admin.execute(
        "UPDATE core.leases SET holder = 'another', fencing_token = fencing_token + 1"
        " WHERE name = $1",
        relay.lease.name,
    )
    await tenant.emit()

    await relay.step()

    assert post.take() == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT payload FROM core.outbox",
        "SELECT case_id, event FROM core.outbox",
        "UPDATE core.outbox SET done_at = now()",
        "DELETE FROM core.outbox",
        "SELECT family_name FROM core.persons",
        "SELECT result FROM core.idempotency_keys",
    ],
)
async def test_relays_role_sees_no_content(make_relay: Any, statement: str) -> None:
    engine = (await make_relay(broker=Post())).engine

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with engine.transaction():
            await engine.fetch(statement)


def test_queues_are_those_that_the_outbox_allows() -> None:
    assert set(QUEUES) == {"default", "events", "heavy"}
