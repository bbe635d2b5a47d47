"""The Dramatiq broker: Redis as a wake-up. What is to be done, and how often it was tried, is in
PostgreSQL, so a message carries two ids and may be lost or doubled without harm.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import redis
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware
from redis.backoff import NoBackoff
from redis.retry import Retry

QUEUES = ("events", "default", "heavy")
ACTOR = "deliver_message"

_HEARTBEAT_MS = 60_000
# Messages of a killed worker return when a living one does its maintenance, by chance per command:
# with Dramatiq's 0.1 % an idle installation waits for minutes.
_MAINTENANCE_PER_MILLION = 50_000
_DEAD_MESSAGE_MS = 3_600_000


def make_broker(url: str, middleware: Sequence[Middleware] = ()) -> RedisBroker:
    """Return a broker for the Redis at `url`, its three queues declared; it connects when used."""
    broker = RedisBroker(  # type: ignore[no-untyped-call]
        client=connect_redis(url),
        middleware=list(middleware),
        heartbeat_timeout=_HEARTBEAT_MS,
        maintenance_chance=_MAINTENANCE_PER_MILLION,
        dead_message_ttl=_DEAD_MESSAGE_MS,
    )
    for queue in QUEUES:
        broker.declare_queue(queue)
    return broker


def connect_redis(url: str) -> Any:
    """Return a client that gives up soon: whoever uses it has a way to go on without Redis."""
    return redis.Redis.from_url(
        url, socket_timeout=5, socket_connect_timeout=2, retry=Retry(NoBackoff(), 1)
    )


def message_for(tenant: UUID, message: UUID, queue: str) -> "Message[None]":
    """Return the Dramatiq message that asks for the delivery of an outbox row: ids only."""
    return Message(
        queue_name=queue, actor_name=ACTOR, args=(str(tenant), str(message)), kwargs={}, options={}
    )
