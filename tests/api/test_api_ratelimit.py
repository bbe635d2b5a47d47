"""Token buckets in Redis: shared, and replaced by local ones while Redis is away."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from cordee_graphql.throttle import Budget
from cordee_server.ratelimit import LIFETIME, RedisBuckets, connect


@pytest.fixture
async def redis(redis_url: str) -> Any:
    client: Redis = connect(redis_url)
    await client.flushdb()
    yield client
    await client.aclose()


async def test_processes_share_a_bucket(redis: Redis) -> None:
    one, other = (RedisBuckets(redis, Budget(capacity=100, restore=1)) for _ in range(2))
    assert (await one.take("tenant:member", 60)).granted
    refused = await other.take("tenant:member", 60)
    assert not refused.granted
    assert 1 <= refused.retry_after <= 60
    assert (await other.take("tenant:another", 60)).granted
    headers = refused.headers()
    assert headers["RateLimit-Limit"] == "100"
    assert int(headers["Retry-After"]) == refused.retry_after


async def settled(buckets: RedisBuckets) -> None:
    """Wait until Redis knows what was spent and given back."""
    while buckets._settling is not None:
        await buckets._settling


async def test_what_is_given_back_can_be_taken_again_by_any_process(redis: Redis) -> None:
    one, other = (RedisBuckets(redis, Budget(capacity=100, restore=1)) for _ in range(2))
    await one.take("k", 100)
    await one.give_back("k", 80)
    await settled(one)
    assert (await other.take("k", 80)).granted
    await other.give_back("k", 10_000)
    await settled(other)
    assert (await one.take("k", 1)).available <= 100


async def test_a_share_is_spent_without_asking_and_never_more_than_it(redis: Redis) -> None:
    moment = [0.0]
    one = RedisBuckets(redis, Budget(capacity=1000, restore=1), clock=lambda: moment[0])
    first = await one.take("k", 10)
    assert (one.share, first.available) == (100, 990)
    await settled(one)
    await redis.flushdb()  # whoever asks now finds a full bucket: only this process knows
    assert [(await one.take("k", 25)).available for _ in range(4)] == [965, 940, 915, 890]
    assert (await redis.keys("cordee:bucket:*")) == []
    assert (await one.take("k", 5)).available == 995
    await redis.flushdb()
    moment[0] += LIFETIME
    await one.take("k", 5)
    await settled(one)
    assert (await redis.hget("cordee:bucket:k", "level")) is not None


async def test_a_bucket_seen_for_the_first_time_is_spent_before_redis_is_asked(
    redis: Redis,
) -> None:
    one, other = (RedisBuckets(redis, Budget(capacity=1000, restore=1)) for _ in range(2))
    assert (await one.take("k", 60)).available == 940
    assert (await redis.keys("cordee:bucket:*")) == []
    await settled(one)
    assert (await other.take("k", 800)).available == 40  # but for the share that is left to `one`
    assert (await one.take("k", 40)).granted
    assert not (await one.take("k", 141)).granted


async def test_what_was_spent_of_a_bucket_that_had_nothing_is_missing_later(redis: Redis) -> None:
    one, other = (RedisBuckets(redis, Budget(capacity=1000, restore=1)) for _ in range(2))
    assert (await one.take("k", 1000)).granted
    assert (await other.take("k", 70)).granted
    await settled(other)
    level = await redis.hget("cordee:bucket:k", "level")
    assert level is not None
    assert float(level) < -60
    assert not (await other.take("k", 1)).granted
    assert not (await one.take("k", 1)).granted


async def test_requests_at_the_same_time_get_no_further_share(redis: Redis) -> None:
    one = RedisBuckets(redis, Budget(capacity=200, restore=1))
    taken = await asyncio.gather(*(one.take("k", 7) for _ in range(40)))
    spent = 7 * sum(each.granted for each in taken)
    await settled(one)
    assert 7 <= spent <= 200 + one.share


async def test_processes_get_ahead_of_a_budget_by_a_share_each_at_most(redis: Redis) -> None:
    budget = Budget(capacity=1000, restore=1)
    processes = [RedisBuckets(redis, budget) for _ in range(3)]
    spent, stopped = 0, set()
    while len(stopped) < 3:
        for number, one in enumerate(processes):
            if (await one.take("k", 7)).granted:
                spent += 7
            else:
                stopped.add(number)
    assert 1000 - 7 <= spent <= 1000 + 3 * processes[0].share


async def test_a_bucket_that_runs_low_is_counted_exactly(redis: Redis) -> None:
    one, other = (RedisBuckets(redis, Budget(capacity=1000, restore=1)) for _ in range(2))
    assert (await one.take("k", 600)).granted
    assert (await other.take("k", 350)).available == 50
    assert (await one.take("k", 10)).available == 40
    refused = await other.take("k", 41)
    assert (refused.granted, refused.available) == (False, 40)


async def test_a_share_goes_back_at_the_end(redis: Redis) -> None:
    one, other = (RedisBuckets(redis, Budget(capacity=1000, restore=1)) for _ in range(2))
    await one.take("k", 10)
    await one.aclose()
    assert (await other.take("k", 500)).available == 490


async def test_buckets_are_apart_for_each_key(redis: Redis) -> None:
    buckets = RedisBuckets(redis, Budget(capacity=1000, restore=1))
    await buckets.take("tenant-a:member", 1000)
    assert (await buckets.take("tenant-b:member", 1000)).granted
    await buckets.give_back("tenant-b:member", 500)
    assert not (await buckets.take("tenant-a:member", 100)).granted


async def test_a_bucket_that_is_full_again_is_forgotten(redis: Redis) -> None:
    await RedisBuckets(redis, Budget(capacity=100, restore=50)).take("k", 100)
    (key,) = await redis.keys("cordee:bucket:*")
    assert 0 < await redis.pttl(key) <= 3001


async def test_without_redis_the_process_counts_for_itself() -> None:
    client = connect("redis://127.0.0.1:1")
    moment = [0.0]
    buckets = RedisBuckets(client, Budget(capacity=10, restore=1), clock=lambda: moment[0])
    assert (await buckets.take("k", 10)).granted
    assert not (await buckets.take("k", 10)).granted
    await client.aclose()
