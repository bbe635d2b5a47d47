"""Wake-ups from all processes of the installation, through Redis."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import structlog
from redis.asyncio import Redis

from cordee_graphql.wakeups import Hub
from cordee_worker.wakeups import CHANNEL, MANY

_RETRY_SECONDS = 1.0
_PING_SECONDS = 10
_log = structlog.get_logger("cordee.web")


class RedisHub(Hub):
    """A hub that hears what any process commits; while Redis is away, subscriptions poll."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    async def run(self) -> None:
        """Listen for ever."""
        while True:
            try:
                await self._listen()
            except Exception as error:  # whatever the client raises, Redis is away
                if self.reliable:
                    _log.warning("wake-ups lost, subscriptions poll", error=type(error).__name__)
            self.reliable = False
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        client: Redis = Redis.from_url(self._url, socket_connect_timeout=2)
        async with client, client.pubsub() as channel:
            await channel.psubscribe(f"{CHANNEL}*")
            asked = False
            while True:
                message = await channel.get_message(timeout=_PING_SECONDS)
                if message is None and asked:
                    raise TimeoutError  # not even the ping was answered
                asked = message is None
                if message is None:
                    await channel.ping()
                elif message["type"] == "psubscribe":
                    self.reliable = True
                    self.wake_all()
                elif message["type"] == "pmessage":
                    self._heard(message["channel"], message["data"])

    def _heard(self, channel: bytes, data: bytes) -> None:
        try:
            tenant = UUID(channel.decode().removeprefix(CHANNEL))
            if tenant in self.tenants:
                text = data.decode()
                self.wake(tenant, None if text == MANY else set(_ids(text)))
        except ValueError:  # not ours: somebody else publishes there
            return


def _ids(text: str) -> Iterator[UUID]:
    return (UUID(one) for one in text.split(","))
