"""The ASGI application around the endpoints: request ids, headers, the gate of readiness."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar, Request, asgi, get
from litestar.config.cors import CORSConfig
from litestar.params import FromPath
from litestar.response import Response
from litestar.types import Receive, Scope, Send

from cordee_core.errors import NotReadyError
from cordee_server.http.body import Body
from cordee_server.http.controller import Endpoint, Gateway
from cordee_server.http.ids import HEADER, request_id
from cordee_server.http.pages import FOLDER
from cordee_server.http.refusals import refusal
from cordee_server.readiness import Readiness
from cordee_server.streams.endpoint import Streams
from cordee_server.streams.websocket import refuse_socket, serve_socket

PATH = "/graphql"
PROBES = frozenset({"/livez", "/readyz"})
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-site"),
)
_EXPOSED = [
    "Content-Language", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After",
    "X-Request-Id",
]  # fmt: skip
_ALLOWED = [
    "Accept-Language", "Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID",
    "X-Request-Id",
]  # fmt: skip


class Application(Litestar):
    """Litestar, with what every answer must carry and the gate of readiness around it."""

    readiness: Readiness
    max_body: int
    endpoint: Endpoint
    shares: bool = False
    """Whether pages of other origins may read answers: Litestar says so in the headers."""
    streams: Streams | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request; lifespan messages go to Litestar as they are."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        body = Body(receive)
        receive, wrapped = body.receive, _with_headers(scope, send, body)
        serves = self.readiness.ready or scope["path"] in PROBES or await self.readiness.examine()
        if not serves:
            await refusal(scope, NotReadyError(), self.max_body)(scope, receive, wrapped)
            return
        if scope["path"] == PATH and not self._is_foreign(scope):
            await self.endpoint(scope, receive, wrapped)
        else:
            await super().__call__(scope, receive, wrapped)

    def _is_foreign(self, scope: Any) -> bool:
        """Return whether a browser asks that is to be told which origins may read the answer."""
        return self.shares and any(name == b"origin" for name, _ in scope["headers"])

    async def _socket(self, scope: Any, receive: Any, send: Any) -> None:
        if self.streams is None or scope["path"] != PATH:
            await refuse_socket(scope, send, 404)
        elif not (self.readiness.ready or await self.readiness.examine()):
            await refuse_socket(scope, send, 503)
        else:
            await serve_socket(self.streams, scope, receive, send)


def make_application(
    gateway: Gateway,
    readiness: Readiness,
    *,
    max_body: int,
    origins: Sequence[str] = (),
    lifespan: Sequence[Any] = (),
) -> Application:
    """Return the application that serves `gateway` while `readiness` allows it."""

    endpoint = Endpoint(gateway, max_body)

    def refused(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        found = refusal(request.scope, error, max_body)
        return Response(found.body, status_code=found.status, headers=found.headers)

    @asgi(PATH, copy_scope=False)
    async def graphql(scope: Scope, receive: Receive, send: Send) -> None:
        await endpoint(scope, receive, send)

    @get("/livez", sync_to_thread=False)
    def livez() -> dict[str, str]:
        return {"status": "alive"}

    @get("/readyz")
    async def readyz() -> Response[dict[str, object]]:
        ready = await readiness.examine() and not readiness.stopping
        return Response(readiness.report(), status_code=200 if ready else 503)

    @get(f"{FOLDER}/{{name:str}}", sync_to_thread=False)
    def asset(name: FromPath[str]) -> Response[bytes]:
        return gateway.pages.asset(name)

    application = Application(
        [graphql, livez, readyz, asset],
        exception_handlers={Exception: refused},
        lifespan=list(lifespan),
        request_max_body_size=max_body,
        openapi_config=None,
        logging_config=None,
        cors_config=_cors(origins),
    )
    application.endpoint, application.shares = endpoint, bool(origins)
    application.readiness, application.max_body = readiness, max_body
    application.streams = gateway.streams
    return application


def _cors(origins: Sequence[str]) -> CORSConfig | None:
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST"],
        allow_headers=_ALLOWED,
        expose_headers=_EXPOSED,
        max_age=7200,
    )


def _with_headers(scope: Any, send: Any, body: Body) -> Any:
    """Return `send` so that each answer carries its request id and the security headers.

    What is left of the request's body is thrown away first.
    """
    identifier = request_id(scope).encode()

    async def wrapped(message: Any) -> None:
        if message["type"] == "http.response.start":
            await body.drain()
            headers = list(message.get("headers", ()))
            given = {name.lower() for name, _ in headers}
            headers.append((HEADER, identifier))
            headers += [pair for pair in _SECURITY if pair[0] not in given]
            if scope["path"] == PATH:
                headers.append((b"vary", b"Accept, Accept-Language, Authorization"))
                if b"cache-control" not in given:
                    headers.append((b"cache-control", b"no-store"))
            message["headers"] = headers
        await send(message)

    return wrapped
