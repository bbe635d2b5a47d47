"""The `/graphql` endpoint: GraphQL over HTTP on Litestar, by Strawberry's controller."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol, cast

from cross_web import AsyncHTTPRequestAdapter
from litestar import Request
from litestar.background_tasks import BackgroundTasks
from litestar.response import Response
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData, process_result
from strawberry.litestar import make_graphql_controller
from strawberry.litestar.controller import GraphQLController
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from cordee_core.access.scope import Scope
from cordee_core.errors import BadRequestError
from cordee_core.languages import Language
from cordee_graphql.context import Context, Installation
from cordee_graphql.operation import Backend, Operation
from cordee_graphql.planner.executor import written
from cordee_graphql.schema import CordeeSchema
from cordee_graphql.streaming import Asked, Client
from cordee_graphql.trusted import TrustedDocuments
from cordee_server.auth import bearer
from cordee_server.http.ids import header, request_id
from cordee_server.http.negotiation import (
    RESPONSE_JSON,
    language_of,
    response_type,
    wants_page,
)
from cordee_server.http.pages import Pages
from cordee_server.http.refusals import STATUS, RequestRefused
from cordee_server.http.requests import (
    check_content_type,
    idempotency_key,
    parse_body,
    parse_query_string,
)
from cordee_server.streams.endpoint import Streams, seat_of
from cordee_server.streams.events import EventResponse, EventStream, wants_events

Anything = Request[Any, Any, Any]


class Authenticate(Protocol):
    """Finds out who sent a request."""

    async def __call__(
        self, authorization: str | None, language: Language | None, request_id: str
    ) -> Scope | None:
        """Return who it is, None where the request carries no token."""
        ...


@dataclass(frozen=True)
class Gateway:
    """What the endpoint needs of the process."""

    schema: CordeeSchema
    backend: Backend
    authenticate: Authenticate
    pages: Pages
    seconds: float
    installation: Installation | None = None
    trusted: TrustedDocuments = field(default_factory=TrustedDocuments)
    streams: Streams | None = None


@dataclass
class _Exchange:
    """What belongs to one request, kept with it: Strawberry's controller is one for all."""

    data: GraphQLRequestData
    context: Context
    response: Response[Any]


class _Endpoint:
    """What differs from Strawberry's controller; put before it among the bases."""

    gateway: Gateway

    async def execute_request(
        self, request: Anything, context: Any, root_value: Any
    ) -> Response[Any]:
        if request.method == "GET" and _asks_for_page(request):
            return self.gateway.pages.page()
        exchange = await _exchange(self.gateway, request)
        if self.gateway.streams and wants_events(request.headers.get("accept", "")):
            return _events(self.gateway.streams, request, exchange)
        request.scope["state"]["exchange"] = exchange
        controller = cast("GraphQLController[Any, Any]", self)
        return await controller.run(request, context=exchange.context, root_value=None)

    async def get_sub_response(self, request: Anything) -> Response[Any]:
        return _of(request).response

    def should_render_graphql_ide(self, request: object) -> bool:
        return False

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        return _of(cast("Any", request).request).data

    async def execute_single(
        self,
        request: Anything,
        request_adapter: object,
        request_data: GraphQLRequestData,
        context: Context,
        root_value: object,
        sub_response: object,
    ) -> ExecutionResult:
        return await _execute(self.gateway.schema, request, request_data, context)

    async def process_result(
        self, request: Anything, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        return _presented(result)

    def encode_json(self, data: object) -> bytes:
        return written(data)

    def create_response(self, response_data: Any, sub_response: Response[Any]) -> Response[bytes]:
        base = cast("GraphQLController[Any, Any]", super())
        response = base.create_response(response_data, sub_response)
        response.media_type = sub_response.media_type
        if "data" not in response_data:
            response.status_code = _status(response_data, str(sub_response.media_type))
        return response


def make_controller(gateway: Gateway, path: str = "/graphql") -> type[GraphQLController[Any, Any]]:
    """Return the controller that serves `gateway` at `path`."""
    base = make_graphql_controller(
        gateway.schema, path=path, graphql_ide=None, subscription_protocols=()
    )
    return type("Endpoint", (_Endpoint, base), {"gateway": gateway})


def _of(request: Anything) -> _Exchange:
    return cast("_Exchange", request.scope["state"]["exchange"])


def _asks_for_page(request: Anything) -> bool:
    named = {"query", "documentId", "extensions"} & request.query_params.keys()
    return not named and wants_page(request.headers.get("accept", ""))


async def _exchange(gateway: Gateway, request: Anything) -> _Exchange:
    """Read and check the request and find out who sent it."""
    body = b""
    if request.method == "POST":
        check_content_type(request.headers.get("content-type"))
        body = await request.body()
        data = parse_body(body, gateway.trusted)
    else:
        data = parse_query_string(request.query_params.dict(), gateway.trusted)
    identifier = request_id(request.scope)
    asked = language_of(header(request.scope, b"accept-language"))
    key = idempotency_key(request.headers.get("idempotency-key"))
    scope = await gateway.authenticate(request.headers.get("authorization"), asked, identifier)
    language: Language = asked or (scope.language if scope else "en")
    operation = Operation(
        gateway.backend,
        scope,
        language=language,
        request_id=identifier,
        client=request.client.host if request.client else "unknown",
        key=key,
        body_hash=sha256(body).digest(),
        seconds=gateway.seconds,
        splice=True,
    )
    response: Response[Any] = Response(
        {},
        background=BackgroundTasks([]),
        media_type=response_type(request.headers.get("accept", "")),
    )
    response.headers["Content-Language"] = language
    token = bearer(request.headers.get("authorization"))
    return _Exchange(data, Context(operation, gateway.installation, token), response)


def _events(streams: Streams, request: Anything, exchange: _Exchange) -> Response[Any]:
    """Answer with server-sent events, one for each answer to the operation."""
    operation, data = exchange.context.operation, exchange.data
    authorization = request.headers.get("authorization")
    asked = language_of(request.headers.get("accept-language"))

    async def caller() -> Scope | None:
        return await streams.authenticate(authorization, asked, operation.request_id)

    token = exchange.context.token
    client = Client(caller, asked, operation.request_id, operation.client, token)
    wanted = Asked(
        data.query or "", data.variables, data.operation_name,
        resume=request.headers.get("last-event-id"), may_write=request.method == "POST",
    )  # fmt: skip
    seat = seat_of(operation.scope)
    return EventResponse(EventStream(streams, wanted, client, seat, operation.language))


async def _execute(
    schema: CordeeSchema, request: Anything, data: GraphQLRequestData, context: Context
) -> ExecutionResult:
    try:
        result = await schema.execute(
            data.query,
            variable_values=data.variables,
            context_value=context,
            operation_name=data.operation_name,
            allowed_operation_types=OperationType.from_http(cast("Any", request.method)),
            operation_extensions=data.extensions,
        )
    except CannotGetOperationTypeError:
        raise BadRequestError(
            problem={
                "en": "`operationName` must name one of the document's operations.",
                "fr": "`operationName` doit nommer une des opérations du document.",
            }
        ) from None
    except InvalidOperationTypeError:
        raise RequestRefused(405, Allow="POST") from None
    _of(request).response.headers.update(context.operation.headers)
    return result


def _presented(result: ExecutionResult) -> GraphQLHTTPResponse:
    """Return the answer as sent; a request that was refused has no ``data`` at all."""
    answer = process_result(result)
    if result.data is None and result.errors and all(e.path is None for e in result.errors):
        answer.pop("data", None)
    return answer


def _status(answer: Mapping[str, Any], media_type: str) -> int:
    codes = [error.get("extensions", {}).get("code") for error in answer.get("errors", ())]
    for code in ("UNAUTHENTICATED", "RATE_LIMITED"):
        if code in codes:
            return STATUS[code]
    if not media_type.startswith(RESPONSE_JSON):
        return 200
    return next((STATUS[code] for code in codes if code in STATUS), 400)
