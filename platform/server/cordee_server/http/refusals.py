"""Answers to requests that never reached the schema, in the form of a GraphQL answer."""

import json
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError
from litestar.exceptions import HTTPException

from cordee_core.errors import BadRequestError, CordeeError, PayloadTooLargeError
from cordee_core.languages import Language, negotiate
from cordee_graphql.failures import publish
from cordee_server.http.ids import header, request_id
from cordee_server.http.negotiation import response_type
from cordee_server.http.replies import Reply

STATUS: Mapping[str, int] = {
    "UNAUTHENTICATED": 401,
    "REQUEST_TIMEOUT": 408,
    "PAYLOAD_TOO_LARGE": 413,
    "RATE_LIMITED": 429,
    "NOT_READY": 503,
    "INTERNAL": 500,
}
"""HTTP statuses of answers without data; all others are 400."""

_PROBLEMS: Mapping[int, Mapping[str, str]] = {
    404: {"en": "there is nothing at this address.", "fr": "il n'y a rien à cette adresse."},
    405: {
        "en": "this method is not allowed here.",
        "fr": "cette méthode n'est pas permise ici.",
    },
    415: {
        "en": "the body must be application/json in UTF-8.",
        "fr": "le corps doit être du type application/json, en UTF-8.",
    },
}
_ANY = {"en": "the request is malformed.", "fr": "la requête est mal formée."}


class RequestRefused(BadRequestError):
    """The request is refused with an HTTP status of its own. Params: `problem`."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(problem=_PROBLEMS.get(status, _ANY))
        self.status, self.headers = status, headers


def body_of(error: Exception, language: Language, identifier: str) -> dict[str, Any]:
    """Return the answer that says `error`, logged where nobody expected it."""
    errors = publish([GraphQLError("", original_error=error)], language, identifier) or []
    return {"errors": [each.formatted for each in errors]}


def refusal(scope: Any, error: Exception, max_body: int) -> Reply:
    """Return the answer to the request in `scope` that `error` ended."""
    known = _known(error, max_body)
    language = negotiate(header(scope, b"accept-language"))
    body = body_of(known, language, request_id(scope))
    code = body["errors"][0]["extensions"]["code"]
    status = getattr(known, "status", None) or STATUS.get(code, 400)
    media_type = response_type(header(scope, b"accept") or "")
    headers = {
        "Content-Type": media_type,
        "Content-Language": language,
        **getattr(known, "headers", {}),
    }
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 408:
        headers["Connection"] = "close"
    if status == 503:
        headers["Retry-After"] = "1"
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Reply(status, headers, text.encode())


def _known(error: Exception, max_body: int) -> Exception:
    if isinstance(error, CordeeError) or not isinstance(error, HTTPException):
        return error
    if error.status_code == 413:
        return PayloadTooLargeError(limit=max_body)
    if error.status_code >= 500:
        return error
    allow = (error.headers or {}).get("Allow")
    return RequestRefused(error.status_code, **({"Allow": allow} if allow else {}))
