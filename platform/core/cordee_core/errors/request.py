"""Errors of how it was asked; they go to ``errors[]``."""

from cordee_core.errors.base import CordeeError


class RequestError(CordeeError):
    """The request itself is refused."""

    code = "bad_request"


class BadRequestError(RequestError):
    """The request is malformed. Params: `problem`."""


class DocumentUnreadableError(BadRequestError):
    """The GraphQL document does not parse. Params: `line`, `column`."""

    code = "graphql_parse_failed"


class DocumentInvalidError(BadRequestError):
    """The GraphQL document does not fit the schema. Params: `line`, `column`."""

    code = "graphql_validation_failed"


class VariableInvalidError(BadRequestError):
    """A value given for an argument or a variable is not of its type. Params: `variable`."""

    code = "bad_user_input"


class NotReadyError(RequestError):
    """The installation can't serve now; ``/readyz`` says why."""

    code = "not_ready"


class UnknownDocumentError(RequestError):
    """No trusted document has the hash that was given, or only trusted ones are executed."""

    code = "unknown_document"


class RequestTooSlowError(RequestError):
    """The body of the request did not arrive in time."""

    code = "request_timeout"


class PayloadTooLargeError(RequestError):
    """The body is larger than the installation takes. Params: `limit` (bytes)."""

    code = "payload_too_large"


class LimitExceededError(RequestError):
    """The document is larger or dearer than allowed. Params: `limit`, `value`, `maximum`."""

    code = "limit_exceeded"


class RateLimitedError(RequestError):
    """Too much was asked in too short a time. Params: `retry_after` (seconds)."""

    code = "rate_limited"


class OperationTimeoutError(RequestError):
    """The operation took longer than allowed and was cancelled."""

    code = "operation_timeout"


class IdempotencyMismatchError(RequestError):
    """The idempotency key was used before with another request body."""

    code = "idempotency_mismatch"


class IdempotencyInvalidError(RequestError):
    """The idempotency key is empty, too long or has characters that are not allowed."""

    code = "idempotency_invalid"
