"""One WebSocket connection: the protocol ``graphql-transport-ws`` (graphql-ws, PROTOCOL.md).

The client says who it is in ``connection_init`` (``payload.Authorization``) or in the header of
the handshake. The token is looked up anew for each batch of each operation, so the connection
itself grants nothing.
"""

import asyncio
import json
from contextlib import ExitStack, aclosing, suppress
from typing import Any, NoReturn, cast

from cordee_core.errors import CordeeError, LimitExceededError, UnauthenticatedError
from cordee_core.languages import Language
from cordee_graphql.streaming import Asked, Client
from cordee_server.auth import bearer
from cordee_server.http.ids import header, request_id
from cordee_server.http.negotiation import language_of
from cordee_server.http.refusals import body_of
from cordee_server.http.requests import read_request
from cordee_server.streams.endpoint import Streams, encode, seat_of
from cordee_server.streams.outbox import Outbox, SlowClientError

PROTOCOL = "graphql-transport-ws"
_LONGEST_ID = 128
_MOST_REFUSALS = 100
"""Operations that a connection may have refused before it is closed."""


class ClosingError(Exception):
    """The connection ends, for a reason that the client is told."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class Connection:
    """A connection from its acceptance to its end."""

    def __init__(self, streams: Streams, scope: Any, receive: Any, send: Any) -> None:
        self._streams, self._limits = streams, streams.seats.limits
        self._scope, self._receive, self._send = scope, receive, send
        self._outbox = Outbox(self._write, self._limits.queue, self._limits.slow_seconds)
        self._client: Client | None = None
        self._seat = ""
        self._refusals = 0
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._failed: asyncio.Future[NoReturn] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serve the connection until either side ends it; nothing of it is left then."""
        with ExitStack() as seats:
            reading = asyncio.create_task(self._read(seats))
            sending = asyncio.create_task(self._outbox.run())
            ending = asyncio.create_task(self._end())
            tasks: set[asyncio.Future[Any]] = {reading, sending, ending, self._failed}
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                await self._close(next(iter(done)).exception())
            finally:
                left = [reading, sending, ending, *self._operations.values()]
                for task in left:
                    task.cancel()
                self._failed.cancel()
                await asyncio.gather(*left, return_exceptions=True)

    async def _end(self) -> NoReturn:
        """Raise ClosingError once the process stops."""
        await self._streams.ending.wait()
        raise ClosingError(1001, "the server stops")

    async def _close(self, error: BaseException | None) -> None:
        """Tell the client why it ends, unless it went by itself or does not read."""
        if isinstance(error, SlowClientError):
            code, reason = 1013, "the client reads too slowly"
        elif isinstance(error, ClosingError):
            code, reason = error.code, error.reason
        elif error is not None:
            body_of(cast("Exception", error), "en", request_id(self._scope))
            code, reason = 1011, "INTERNAL"
        else:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._send({"type": "websocket.close", "code": code, "reason": reason})

    async def _write(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})

    async def _read(self, seats: ExitStack) -> None:
        """Take messages until the client goes. Raises ClosingError where it must."""
        with self._streams.seats.take("waiting"):
            try:
                async with asyncio.timeout(self._limits.init_seconds):
                    message = await self._message()
                    if message is None:
                        return
                    if message["type"] == "subscribe":
                        raise ClosingError(4401, "Unauthorized")
                    await self._initialise(message, seats)
            except TimeoutError:
                raise ClosingError(4408, "Connection initialisation timeout") from None
        await self._outbox.put('{"type":"connection_ack"}')
        while (message := await self._awaited()) is not None:
            await self._handle(message)

    async def _awaited(self) -> dict[str, Any] | None:
        """Return the next message; ask a silent client whether it is there."""
        for _ in range(2):
            try:
                async with asyncio.timeout(self._limits.ping_seconds):
                    return await self._message()
            except TimeoutError:
                await self._outbox.put('{"type":"ping"}')
        raise ClosingError(4408, "the client is silent")

    async def _message(self) -> dict[str, Any] | None:
        """Return the next message, None once the client has gone."""
        event = await self._receive()
        if event["type"] != "websocket.receive":
            return None
        try:
            found = json.loads(event.get("text") or "")
        except (ValueError, RecursionError):
            raise ClosingError(4400, "a message must be JSON text") from None
        if not isinstance(found, dict) or not isinstance(found.get("type"), str):
            raise ClosingError(4400, "a message must be an object with a type")
        return cast("dict[str, Any]", found)

    async def _initialise(self, message: dict[str, Any], seats: ExitStack) -> None:
        """Find out who the client is and take a seat for it."""
        payload = message.get("payload") or {}
        if message["type"] != "connection_init" or not isinstance(payload, dict):
            raise ClosingError(4400, "Invalid message received")
        given = {str(name).lower(): value for name, value in payload.items()}
        authorization = given.get("authorization") or header(self._scope, b"authorization")
        asked = given.get("accept-language") or header(self._scope, b"accept-language")
        language = language_of(asked) if isinstance(asked, str) else None
        await self._admit(str(authorization) if authorization else None, language, seats)

    async def _admit(
        self, authorization: str | None, language: Language | None, seats: ExitStack
    ) -> None:
        identifier = request_id(self._scope)

        async def caller() -> Any:
            return await self._streams.authenticate(authorization, language, identifier)

        try:
            scope = await caller()
            if scope is None:
                raise UnauthenticatedError
            self._seat = seat_of(scope)
            seats.enter_context(self._streams.seats.take("member_connections", self._seat))
        except UnauthenticatedError:
            raise ClosingError(4403, "UNAUTHENTICATED") from None
        except LimitExceededError:
            raise ClosingError(4429, "LIMIT_EXCEEDED") from None
        address = self._scope.get("client") or ("unknown",)
        token = bearer(authorization)
        self._client = Client(caller, language, identifier, str(address[0]), token)
        self._language: Language = language or scope.language

    async def _handle(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "ping":
                await self._outbox.put('{"type":"pong"}')
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(self._id(message), message.get("payload"))
            case "complete":
                if (task := self._operations.pop(self._id(message), None)) is not None:
                    task.cancel()
            case "connection_init":
                raise ClosingError(4429, "Too many initialisation requests")
            case _:
                raise ClosingError(4400, "Invalid message received")

    def _id(self, message: dict[str, Any]) -> str:
        found = message.get("id")
        if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_ID:
            raise ClosingError(4400, "a message needs an id")
        return found

    async def _subscribe(self, name: str, payload: object) -> None:
        if name in self._operations:
            raise ClosingError(4409, f"Subscriber for {name} already exists")
        if self._refusals >= _MOST_REFUSALS:
            raise ClosingError(4429, "LIMIT_EXCEEDED")
        try:
            if len(self._operations) >= self._limits.operations:
                raise LimitExceededError(
                    limit="operations", value=len(self._operations) + 1,
                    maximum=self._limits.operations,
                )  # fmt: skip
            data = read_request(payload, self._streams.trusted)
        except CordeeError as error:
            await self._refuse(name, error)
            return
        asked = Asked(data.query or "", data.variables, data.operation_name)
        task = asyncio.create_task(self._operate(name, asked))
        self._operations[name] = task
        task.add_done_callback(self._note_failure)

    async def _operate(self, name: str, asked: Asked) -> None:
        """Answer one operation until it ends."""
        try:
            with self._streams.seats.take("member_operations", self._seat):
                complete = await self._answer(name, asked)
        except LimitExceededError as error:
            complete = False
            await self._refuse(name, error)
        if self._operations.get(name) is asyncio.current_task():
            del self._operations[name]
        if complete:
            await self._outbox.put(encode({"type": "complete", "id": name}))

    async def _answer(self, name: str, asked: Asked) -> bool:
        """Send the answers; return whether the operation ended without a refusal."""
        assert self._client is not None
        async with aclosing(self._streams.streamer.answers(asked, self._client)) as answers:
            async for answer in answers:
                if answer.refusal:
                    errors = answer.body["errors"]
                    await self._outbox.put(encode({"type": "error", "id": name, "payload": errors}))
                    return False
                await self._outbox.put(encode({"type": "next", "id": name, "payload": answer.body}))
        return True

    async def _refuse(self, name: str, error: CordeeError) -> None:
        self._refusals += 1
        body = body_of(error, self._language, request_id(self._scope))
        await self._outbox.put(encode({"type": "error", "id": name, "payload": body["errors"]}))

    def _note_failure(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) and not self._failed.done():
            self._failed.set_exception(error)


async def serve_socket(streams: Streams, scope: Any, receive: Any, send: Any) -> None:
    """Accept a WebSocket connection at the endpoint and serve it; refuse it before where it may."""
    await receive()
    try:
        if not streams.allows_origin(scope):
            await refuse_socket(scope, send, 403)
            return
        if PROTOCOL not in scope.get("subprotocols", ()):
            await refuse_socket(scope, send, 400)
            return
        with streams.seats.take("connections"):
            if streams.seats.taken("waiting") >= streams.seats.limits.waiting:
                await refuse_socket(scope, send, 503)
                return
            await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
            await Connection(streams, scope, receive, send).run()
    except LimitExceededError:
        await refuse_socket(scope, send, 503)


async def refuse_socket(scope: Any, send: Any, status: int) -> None:
    """Answer the handshake with an HTTP status instead of a connection."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b""})
