"""The `/graphql` endpoint: GraphQL over HTTP as an ASGI application of its own.

It stands in Litestar, and ahead of its routing where no page of another origin asks: what a
framework does for each request would cost as much as most queries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import parse_qs

from litestar import Request
from strawberry.http import GraphQLRequestData
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from cordee_core.access.scope import Scope
from cordee_core.errors import BadRequestError, PayloadTooLargeError
from cordee_core.languages import Language
from cordee_graphql.context import Context, Installation
from cordee_graphql.execution import KindNotAllowedError, UnknownOperationError
from cordee_graphql.operation import Backend, Operation
from cordee_graphql.planner.executor import written
from cordee_graphql.schema import CordeeSchema
from cordee_graphql.streaming import Asked, Client
from cordee_graphql.trusted import TrustedDocuments
from cordee_server.auth import bearer
from cordee_server.http.ids import request_id
from cordee_server.http.negotiation import RESPONSE_JSON, language_of, response_type, wants_page
from cordee_server.http.pages import Pages
from cordee_server.http.refusals import STATUS, RequestRefused, refusal
from cordee_server.http.replies import Reply
from cordee_server.http.requests import (
    Headers,
    check_content_type,
    idempotency_key,
    parse_body,
    parse_query_string,
)
from cordee_server.streams.endpoint import Streams, seat_of
from cordee_server.streams.events import EventStream, wants_events

METHODS = "GET, OPTIONS, POST"
_BY_METHOD = {
    "GET": frozenset({OperationType.QUERY, OperationType.SUBSCRIPTION}),
    "POST": frozenset(OperationType),
}
_NAMELESS = {
    "en": "`operationName` must name one of the document's operations.",
    "fr": "`operationName` doit nommer une des opérations du document.",
}
_language_of = lru_cache(256)(language_of)
_response_type = lru_cache(256)(response_type)
_wants_events = lru_cache(256)(wants_events)


class Authenticate(Protocol):
    """Finds out who sent a request."""

    async def __call__(
        self, authorization: str | None, language: Language | None, request_id: str
    ) -> Scope | None:
        """Return who it is, None where the request carries no token."""
        ...


class Confirm(Protocol):
    """Says whether a caller was who they were taken for."""

    async def __call__(self, caller: Scope | None) -> bool:
        """Return it, once the request is done; nothing was done or seen where it is false."""
        ...


@dataclass(frozen=True)
class Gateway:
    """What the endpoint needs of the process.

    `recognise` says at once who sends a request, from memory; the answer goes out only if
    `confirmed` says afterwards that it was right. Else the request is answered anew, for who
    `authenticate` finds.
    """

    schema: CordeeSchema
    backend: Backend
    authenticate: Authenticate
    pages: Pages
    seconds: float
    installation: Installation | None = None
    trusted: TrustedDocuments = field(default_factory=TrustedDocuments)
    streams: Streams | None = None
    recognise: Authenticate | None = None
    confirmed: Confirm | None = None


@dataclass(slots=True)
class _Exchange:
    """One request, read and checked, before it is known who sent it."""

    scope: Any
    method: str
    headers: Headers
    body: bytes
    data: GraphQLRequestData
    language: Language | None
    authorization: str | None
    identifier: str


class Endpoint:
    """Answers the requests to ``/graphql``."""

    def __init__(self, gateway: Gateway, max_body: int) -> None:
        self.gateway, self.max_body = gateway, max_body

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        try:
            answered = await self._answer(scope, receive)
        except Exception as error:
            answered = refusal(scope, error, self.max_body)
        await answered(scope, receive, send)

    async def _answer(self, scope: Any, receive: Any) -> Any:
        """Return what writes the answer: a reply, a stream of events, a page."""
        method: str = scope["method"]
        if method not in _BY_METHOD:
            if method == "OPTIONS":
                return Reply(204, {"Allow": METHODS})
            raise RequestRefused(405, Allow=METHODS)
        headers = Headers(scope)
        accept = headers.get(b"accept") or ""
        if method == "GET" and _asks_for_page(scope, accept):
            return self.gateway.pages.page().to_asgi_response(None, Request(scope))
        exchange = await self._exchange(scope, receive, method, headers)
        if self.gateway.streams and _wants_events(accept):
            context = await self._context(exchange, self.gateway.authenticate)
            return _events(self.gateway.streams, exchange, context)
        return await self._reply(exchange, _response_type(accept))

    async def _reply(self, exchange: _Exchange, media_type: str) -> Reply:
        """Return the answer to an operation, for who is confirmed to have asked for it."""
        recognise, confirmed = self.gateway.recognise, self.gateway.confirmed
        if recognise is not None and confirmed is not None:
            context = await self._context(exchange, recognise)
            caller = context.operation.caller
            try:
                reply = await self._executed(exchange, context, media_type)
            except Exception as error:
                reply = refusal(exchange.scope, error, self.max_body)
            if await confirmed(caller):
                return reply
        context = await self._context(exchange, self.gateway.authenticate)
        return await self._executed(exchange, context, media_type)

    async def _executed(self, exchange: _Exchange, context: Context, media_type: str) -> Reply:
        operation = context.operation
        answer = _presented(await self._execute(exchange, context))
        status = 200 if "data" in answer else _status(answer, media_type)
        told = {"content-type": media_type, "content-language": operation.language}
        return Reply(status, {**told, **operation.headers}, written(answer))

    async def _exchange(self, scope: Any, receive: Any, method: str, headers: Headers) -> _Exchange:
        """Read and check the request."""
        body = b""
        if method == "POST":
            check_content_type(headers.get(b"content-type"))
            body = await self._body(receive, headers)
            data = parse_body(body, self.gateway.trusted)
        else:
            data = parse_query_string(_parameters(scope), self.gateway.trusted)
        language = _language_of(headers.get(b"accept-language"))
        authorization = headers.get(b"authorization")
        return _Exchange(
            scope, method, headers, body, data, language, authorization, request_id(scope)
        )

    async def _context(self, exchange: _Exchange, authenticate: Authenticate) -> Context:
        """Return the context of the operation, for who sent it."""
        gateway, asked, scope = self.gateway, exchange.language, exchange.scope
        key = idempotency_key(exchange.headers.get(b"idempotency-key"))
        caller = await authenticate(exchange.authorization, asked, exchange.identifier)
        operation = Operation(
            gateway.backend,
            caller,
            language=asked or (caller.language if caller else "en"),
            request_id=exchange.identifier,
            client=scope["client"][0] if scope.get("client") else "unknown",
            key=key,
            body_hash=b"" if key is None else sha256(exchange.body).digest(),
            seconds=gateway.seconds,
            splice=True,
        )
        return Context(operation, gateway.installation, bearer(exchange.authorization))

    async def _body(self, receive: Any, headers: Headers) -> bytes:
        """Return the request's body.

        Raises:
            PayloadTooLargeError: it is larger than this process takes.
            RequestTooSlowError: it comes too slowly, or not to its end.
        """
        length = headers.get(b"content-length")
        if length is not None and length.isdecimal() and int(length[:20]) > self.max_body:
            raise PayloadTooLargeError(limit=self.max_body)
        parts: list[bytes] = []
        left, more = self.max_body, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise ClientGoneError
            part: bytes = message.get("body", b"")
            more = message.get("more_body", False)
            left -= len(part)
            if left < 0:
                raise PayloadTooLargeError(limit=self.max_body)
            parts.append(part)
        return b"".join(parts)

    async def _execute(self, exchange: _Exchange, context: Context) -> ExecutionResult:
        data = exchange.data
        try:
            return await self.gateway.schema.execute(
                data.query,
                variable_values=data.variables,
                context_value=context,
                operation_name=data.operation_name,
                allowed_operation_types=_BY_METHOD[exchange.method],
                operation_extensions=data.extensions,
            )
        except UnknownOperationError:
            raise BadRequestError(problem=_NAMELESS) from None
        except KindNotAllowedError:
            raise RequestRefused(405, Allow="POST") from None


class ClientGoneError(BadRequestError):
    """The client went before the request had come to its end; nobody reads the answer."""

    def __init__(self) -> None:
        super().__init__(problem={"en": "it was broken off.", "fr": "elle a été interrompue."})


def _parameters(scope: Any) -> Mapping[str, list[str]]:
    text = scope.get("query_string", b"").decode("latin-1")
    return parse_qs(text, keep_blank_values=True)


def _asks_for_page(scope: Any, accept: str) -> bool:
    if not wants_page(accept):
        return False
    return not {"query", "documentId", "extensions"} & _parameters(scope).keys()


def _events(streams: Streams, exchange: _Exchange, context: Context) -> EventStream:
    """Return the answer as server-sent events, one for each answer to the operation."""
    operation, data, asked = context.operation, exchange.data, exchange.language

    async def caller() -> Scope | None:
        return await streams.authenticate(exchange.authorization, asked, operation.request_id)

    client = Client(caller, asked, operation.request_id, operation.client, context.token)
    wanted = Asked(
        data.query or "", data.variables, data.operation_name,
        resume=exchange.headers.get(b"last-event-id"), may_write=exchange.method == "POST",
    )  # fmt: skip
    return EventStream(streams, wanted, client, seat_of(operation.scope), operation.language)


def _presented(result: ExecutionResult) -> dict[str, Any]:
    """Return the answer as sent; a request that was refused has no ``data`` at all."""
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        if result.data is None and all(error.path is None for error in result.errors):
            del answer["data"]
        answer["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        answer["extensions"] = result.extensions
    return answer


def _status(answer: Mapping[str, Any], media_type: str) -> int:
    codes = [error.get("extensions", {}).get("code") for error in answer.get("errors", ())]
    for code in ("UNAUTHENTICATED", "RATE_LIMITED"):
        if code in codes:
            return STATUS[code]
    if not media_type.startswith(RESPONSE_JSON):
        return 200
    return next((STATUS[code] for code in codes if code in STATUS), 400)
