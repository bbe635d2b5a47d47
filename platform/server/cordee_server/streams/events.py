"""Operations as server-sent events: GraphQL over SSE, "distinct connections mode".

Each answer is an event ``next`` whose id is its cursor, so that a client which connects again with
``Last-Event-ID`` gets what it missed; ``complete`` ends the stream.
"""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

from cordee_core.errors import LimitExceededError
from cordee_core.languages import Language
from cordee_graphql.streaming import Answer, Asked, Client
from cordee_server.http.negotiation import HTML, JSON, RESPONSE_JSON, ranges
from cordee_server.http.refusals import body_of
from cordee_server.streams.endpoint import Streams, encode
from cordee_server.streams.outbox import Outbox, SlowClientError

EVENT_STREAM = "text/event-stream"
_BEAT_SECONDS = 12.0
_BEAT = ":\n\n"


def wants_events(accept: str) -> bool:
    """Return whether the caller likes events better than one answer."""
    known = (EVENT_STREAM, RESPONSE_JSON, JSON, HTML)
    return next((name for _, name in ranges(accept) if name in known), None) == EVENT_STREAM


@dataclass(frozen=True)
class EventStream:
    """The events of one operation, as an ASGI application."""

    streams: Streams
    asked: Asked
    client: Client
    seat: str
    language: Language

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send the events until the operation ends or the client goes."""
        await send({"type": "http.response.start", "status": 200, "headers": self._headers()})
        limits = self.streams.seats.limits

        async def write(text: str) -> None:
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

        outbox = Outbox(write, limits.queue, limits.slow_seconds)
        async with asyncio.TaskGroup() as group:
            gone = group.create_task(_gone(receive))
            asking = group.create_task(self._ask(outbox))
            sending = group.create_task(_until_slow(outbox))
            ending = group.create_task(self.streams.ending.wait())
            ends: set[asyncio.Task[Any]] = {gone, sending, ending}
            await asyncio.wait({*ends, asking}, return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for task in (*ends, asking):
                task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _headers(self) -> list[tuple[bytes, bytes]]:
        return [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"content-language", self.language.encode()),
        ]

    async def _ask(self, outbox: Outbox) -> None:
        with suppress(SlowClientError):
            try:
                with self.streams.seats.take("member_operations", self.seat):
                    await self._answer(outbox)
            except LimitExceededError as error:
                body = body_of(error, self.language, self.client.request_id)
                await outbox.put(_event(Answer(body)))
            await outbox.put("event: complete\ndata:\n\n")
            await outbox.close()

    async def _answer(self, outbox: Outbox) -> None:
        async with aclosing(self.streams.streamer.answers(self.asked, self.client)) as answers:
            async for answer in answers:
                await outbox.put(_event(answer))


def _event(answer: Answer) -> str:
    place = f"id: {answer.cursor}\n" if answer.cursor else ""
    return f"event: next\n{place}data: {encode(answer.body)}\n\n"


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _until_slow(outbox: Outbox) -> None:
    with suppress(SlowClientError):
        await outbox.run(_BEAT_SECONDS, _BEAT)
