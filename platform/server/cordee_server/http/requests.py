"""GraphQL requests taken out of HTTP and checked, before anything is executed."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from strawberry.http import GraphQLRequestData

from cordee_core.errors import BadRequestError, IdempotencyInvalidError, InvalidTextError
from cordee_graphql.trusted import TrustedDocuments, name_in
from cordee_server.http.refusals import RequestRefused

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_DEEPEST = 60
"""Deepest nesting of variables; the deepest input of the API has five levels."""
_NONE = TrustedDocuments()


def _problem(name: str, en: str, fr: str) -> BadRequestError:
    return BadRequestError(problem={"en": f"`{name}` {en}", "fr": f"`{name}` {fr}"})


@dataclass(frozen=True)
class _Kind:
    types: tuple[type, ...]
    en: str
    fr: str


_TEXT = _Kind((str,), "must be a string.", "doit être une chaîne.")
_OBJECT = _Kind((dict,), "must be an object.", "doit être un objet.")
_PARAMETERS: Mapping[str, _Kind] = {
    "query": _TEXT,
    "operationName": _TEXT,
    "variables": _OBJECT,
    "extensions": _OBJECT,
    "documentId": _TEXT,
}


class Headers:
    """The headers of one request; of those that come twice, the first."""

    __slots__ = ("_found",)

    def __init__(self, scope: Any) -> None:
        self._found: dict[bytes, bytes] = dict(reversed(scope["headers"]))

    def get(self, name: bytes) -> str | None:
        """Return the header `name` (lower case), None where there is none."""
        found = self._found.get(name)
        return None if found is None else found.decode("latin-1")


def check_content_type(value: str | None) -> None:
    """Return if a body of the type `value` is JSON in UTF-8.

    A browser sends that type across origins only after a preflight, so a page of another site
    can't make a visitor's browser write.

    Raises:
        RequestRefused: with status 415.
    """
    name, *parameters = (part.strip().lower() for part in (value or "").split(";"))
    charset = next((p[8:].strip('"') for p in parameters if p.startswith("charset=")), "utf-8")
    if name != "application/json" or charset != "utf-8":
        raise RequestRefused(415)


def parse_body(body: bytes, trusted: TrustedDocuments = _NONE) -> GraphQLRequestData:
    """Return the request in a JSON body.

    Raises:
        BadRequestError: it is no JSON object, or a parameter is of the wrong type.
        InvalidTextError: a text holds NUL or a lone surrogate.
        UnknownDocumentError: `trusted` has not the document that the hash names.
    """
    return read_request(_json(body), trusted)


def parse_query_string(
    parameters: Mapping[str, Sequence[str]], trusted: TrustedDocuments = _NONE
) -> GraphQLRequestData:
    """Return the request in the query string of a GET.

    Raises:
        BadRequestError: as `parse_body`, or a parameter is given twice.
    """
    found: dict[str, Any] = {}
    for name in _PARAMETERS:
        values = parameters.get(name, ())
        if len(values) > 1:
            raise _problem(name, "is given twice.", "est donné deux fois.")
        if values and values[0]:
            is_json = name in ("variables", "extensions")
            found[name] = _json(values[0]) if is_json else values[0]
    return read_request(found, trusted)


def idempotency_key(header: str | None) -> str | None:
    """Return the key in an ``Idempotency-Key`` header, None where there is none.

    Raises:
        IdempotencyInvalidError: it is not 1 to 255 printable ASCII characters.
    """
    if header is None:
        return None
    key = header.strip()
    if not _KEY.fullmatch(key):
        raise IdempotencyInvalidError
    return key


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(text)
    return found


_decode = json.JSONDecoder(parse_constant=_constant, parse_float=_finite).decode


def _json(text: str | bytes) -> Any:
    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text), "surrogatepass")
        return _decode(text)
    except (ValueError, RecursionError):
        raise BadRequestError(
            problem={"en": "it is not valid JSON.", "fr": "ce n'est pas du JSON valide."}
        ) from None


def read_request(raw: object, trusted: TrustedDocuments = _NONE) -> GraphQLRequestData:
    """Return the request in parsed JSON. Raises as `parse_body`."""
    if not isinstance(raw, dict):
        raise BadRequestError(
            problem={"en": "a JSON object is needed.", "fr": "un objet JSON est nécessaire."}
        )
    parameters = cast("dict[str, Any]", raw)
    for name, kind in _PARAMETERS.items():
        value = parameters.get(name)
        if value is not None and not isinstance(value, kind.types):
            raise _problem(name, kind.en, kind.fr)
    _check_texts(parameters)
    return GraphQLRequestData(
        query=trusted.text(parameters.get("query"), name_in(parameters)),
        variables=parameters.get("variables"),
        operation_name=parameters.get("operationName"),
        extensions=parameters.get("extensions"),
    )


def _check_texts(value: object) -> None:
    level, depth = [value], 0
    while level:
        if depth > _DEEPEST:
            raise BadRequestError(
                problem={"en": "it is nested too deeply.", "fr": "elle est trop imbriquée."}
            )
        following: list[object] = []
        for each in level:
            if isinstance(each, str):
                if not _storable(each):
                    raise InvalidTextError
            elif isinstance(each, dict):
                following += [*each, *each.values()]
            elif isinstance(each, list):
                following += each
        level, depth = following, depth + 1


def _storable(text: str) -> bool:
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
