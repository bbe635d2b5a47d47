"""Errors as a client sees them: a stable code and a text in the caller's language.

What leaves the process holds no suggestion, no stack, no value of the request and nothing of
another tenant. What nobody expected becomes ``INTERNAL`` with a reference; the log has the same
reference with the type of the error and the places it passed (`cordee_core.logs`), but neither its
text nor arguments, which may hold personal data.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, cast

import strawberry
import structlog
from graphql import FieldNode, GraphQLError, GraphQLSyntaxError, VariableDefinitionNode

from cordee_core.errors import (
    ContextExpiredError,
    ContextInvalidError,
    CordeeError,
    DocumentInvalidError,
    DocumentUnreadableError,
    OperatorError,
    PluginError,
    VariableInvalidError,
)
from cordee_core.languages import Language, Text, pick, say

RETRYABLE = frozenset({"40001", "40P01", "55P03", "57014", "57P01", "57P03", "53300"})
"""SQLSTATEs after which the same request may succeed (PostgreSQL, appendix A): serialization
failure, deadlock, lock not available, cancelled, shutdown, starting up, too many connections."""

_BY_SQLSTATE: Mapping[str, type[CordeeError]] = {
    "CX001": ContextInvalidError,
    "CX002": ContextExpiredError,
}
_TOO_MANY = "Too many errors processing variables"
"""How graphql-core says that it stopped counting wrong variables; it names no place."""
_DECLARED = "cordee_core.errors."
"""Where the errors of our tree stand; a plugin's own classes are no code of the API."""
_log = structlog.get_logger("cordee.graphql")


def _classes(root: type[CordeeError]) -> Iterator[type[CordeeError]]:
    yield root
    for child in root.__subclasses__():
        if child.__module__.startswith(_DECLARED) and not issubclass(child, OperatorError):
            yield from _classes(child)


def _summary(error_class: type[CordeeError]) -> str:
    return (error_class.__doc__ or "").strip().partition("\n")[0]


def _code_enum() -> type[Enum]:
    first: dict[str, str] = {}
    for each in _classes(CordeeError):
        first.setdefault(each.code, _summary(each))
    first["internal"] = "A fault on our side. The message gives a reference that the log has."
    members: Any = {
        code.upper(): strawberry.enum_value(code, description=about)
        for code, about in sorted(first.items())
    }
    return cast("type[Enum]", Enum("ErrorCode", members))


ErrorCode = strawberry.enum(
    _code_enum(),
    name="ErrorCode",
    description="Every code that `userErrors` and `extensions.code` may hold. "
    "Codes are stable; messages are not.",
)


@strawberry.type(description="What in a mutation's input stood in the way; nothing was written.")
class UserError:
    """Something in the input stood in the way. Nothing was written."""

    code: ErrorCode = strawberry.field(description="What it was; stable.")  # type: ignore[valid-type]
    message: str = strawberry.field(description="The same for a person, in the caller's language.")
    path: list[str] = strawberry.field(
        description="Where in the arguments it lies, outermost first; may be empty."
    )


def localise(error: CordeeError, language: Language) -> str:
    """Return the text of `error` in `language`, its parameters put in."""
    params = {name: _shown(value, language) for name, value in error.params.items()}
    return say("errors", error.code, language, **params)


def _shown(value: object, language: Language) -> object:
    if isinstance(value, Mapping) and "en" in value:
        return pick(cast("Text", value), language)
    if isinstance(value, (list, tuple, set, frozenset)):
        items = cast("Iterable[object]", value)
        shown = [str(_shown(item, language)) for item in items]
        return ", ".join(sorted(shown) if isinstance(value, (set, frozenset)) else shown)
    return value


def user_error(error: CordeeError, language: Language) -> UserError:
    """Return `error` as an element of ``userErrors``."""
    return UserError(
        code=ErrorCode(error.code),
        message=localise(error, language),
        path=[str(step) for step in error.path],
    )


def publish(
    errors: Sequence[GraphQLError] | None, language: Language, request_id: str
) -> list[GraphQLError] | None:
    """Return `errors` in the form that may leave the process; log those that nobody expected."""
    return [_published(error, language, request_id) for error in errors] if errors else None


def _published(error: GraphQLError, language: Language, request_id: str) -> GraphQLError:
    extensions: dict[str, Any] = {"requestId": request_id}
    expected = _expected(error)
    if expected is None:
        reference = secrets.token_hex(6)
        cause = error.original_error or error
        _report(cause, reference, request_id, error.path)
        message = say("errors", "internal", language, reference=reference)
        extensions |= {"code": "INTERNAL", "reference": reference}
        if getattr(cause, "sqlstate", None) in RETRYABLE:
            extensions["retryable"] = True
    else:
        message = localise(expected, language)
        extensions["code"] = expected.code.upper()
        extensions |= _details(error, expected)
    return GraphQLError(
        message, error.nodes, error.source, error.positions, error.path, None, extensions
    )


def _details(error: GraphQLError, expected: CordeeError) -> dict[str, Any]:
    if type(expected) is DocumentInvalidError:
        return {"detail": error.message}
    return {"argumentPath": [str(step) for step in expected.path]} if expected.path else {}


def _expected(error: GraphQLError) -> CordeeError | None:
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if isinstance(cause, PluginError):
        return type(cause)(cause.plugin, "…")
    if isinstance(cause, CordeeError):
        return None if isinstance(cause, OperatorError) or cause.code == "internal" else cause
    by_state = _BY_SQLSTATE.get(str(getattr(cause, "sqlstate", "")))
    if by_state is not None:
        return by_state()
    # What validation marked is expected, even where Python itself could not read the value.
    marked = (error.extensions or {}).get("code") == VariableInvalidError.code
    known = marked or cause is None or isinstance(cause, GraphQLError)
    return _request_error(error) if known else None


def _request_error(error: GraphQLError) -> CordeeError | None:
    """Return what is wrong with the request where graphql-core itself refused it."""
    place = error.locations[0] if error.locations else None
    line, column = (place.line, place.column) if place else ("…", "…")
    if isinstance(error, GraphQLSyntaxError):
        return DocumentUnreadableError(line=line, column=column)
    marked = (error.extensions or {}).get("code")
    if marked == DocumentInvalidError.code:
        return DocumentInvalidError(line=line, column=column)
    node = error.nodes[0] if error.nodes else None
    if node is None and error.message.startswith(_TOO_MANY):
        return VariableInvalidError(variable="…")
    if isinstance(node, VariableDefinitionNode):
        return VariableInvalidError(variable=f"${node.variable.name.value}")
    if marked == VariableInvalidError.code or (
        node is not None and not isinstance(node, FieldNode)
    ):
        return VariableInvalidError(variable=f"{line}:{column}" if place else "…")
    return None


def _report(
    error: BaseException, reference: str, request_id: str, path: Sequence[str | int] | None
) -> None:
    _log.error(
        "unexpected_error",
        reference=reference,
        request_id=request_id,
        operation=".".join(str(step) for step in path or ()),
        code=getattr(error, "sqlstate", None),
        exc_info=error,
    )
