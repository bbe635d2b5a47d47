"""Token buckets in Redis: shared, and replaced by local ones while Redis is away."""

from typing import Any

import pytest
from redis.asyncio import Redis

from cordee_graphql.throttle import Budget
from cordee_server.ratelimit import RedisBuckets, connect


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


async def test_what_is_given_back_can_be_taken_again(redis: Redis) -> None:
    buckets = RedisBuckets(redis, Budget(capacity=100, restore=1))
    await buckets.take("k", 100)
    await buckets.give_back("k", 80)
    while buckets._pending:
        await next(iter(buckets._pending))
    assert (await buckets.take("k", 80)).granted
    await buckets._give_back("k", 10_000)
    assert (await buckets.take("k", 1)).available <= 100


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
