"""Every error Cordée raises on purpose.

    CordeeError                        code, params, path; text in French and English
    ├── InputError                     what the caller sent; goes to ``userErrors``
    │   ├── InvalidInputError          invalid_input
    │   │   ├── InvalidTextError       invalid_text
    │   │   └── InvalidAnswerError     invalid_answer
    │   ├── NotFoundError              not_found (absent and "not yours" alike)
    │   ├── StaleObjectError           stale_object
    │   ├── SlugTakenError             slug_taken
    │   ├── MemberLimitError           member_limit_reached
    │   ├── InvitationInvalidError     invitation_invalid
    │   ├── ProgrammeIncompleteError   programme_incomplete
    │   ├── TransitionBlockedError     transition_blocked
    │   ├── DuplicateCaseError         duplicate_case
    │   ├── AlreadyDecidedError        already_decided
    │   ├── ReferentConflictError      referent_conflict
    │   ├── UnknownPluginError         unknown_plugin
    │   ├── UnknownInstrumentError     unknown_instrument
    │   ├── InstrumentNotReadyError    instrument_not_ready
    │   └── UnknownRuleError           unknown_rule
    ├── AccessError                    who may do it; goes to ``errors[]``
    │   ├── UnauthenticatedError       unauthenticated
    │   ├── ForbiddenError             forbidden
    │   ├── ContextInvalidError        context_invalid
    │   ├── ContextExpiredError        context_expired
    │   └── PluginDisabledError        plugin_disabled
    ├── RequestError                   how it was asked; goes to ``errors[]``
    │   ├── BadRequestError            bad_request
    │   │   ├── DocumentUnreadableError  graphql_parse_failed
    │   │   ├── DocumentInvalidError     graphql_validation_failed
    │   │   └── VariableInvalidError     bad_user_input
    │   ├── UnknownDocumentError       unknown_document
    │   ├── NotReadyError              not_ready
    │   ├── RequestTooSlowError        request_timeout
    │   ├── PayloadTooLargeError       payload_too_large
    │   ├── LimitExceededError         limit_exceeded
    │   ├── RateLimitedError           rate_limited
    │   ├── OperationTimeoutError      operation_timeout
    │   ├── IdempotencyMismatchError   idempotency_mismatch
    │   └── IdempotencyInvalidError    idempotency_invalid
    ├── PluginError                    plugin_error; always names the plugin
    │   ├── ManifestError              plugin_manifest
    │   ├── IncompatiblePluginError    plugin_incompatible
    │   ├── ContentError               plugin_content
    │   └── PluginMigrationError       plugin_migration
    └── OperatorError                  configuration and machine; read by who runs Cordée
        ├── ConfigurationError         configuration_invalid
        ├── PrivilegedRoleError        privileged_role
        ├── IsolationBrokenError       isolation_broken
        ├── SchemaVersionError         schema_version
        ├── MigrationError             migration_failed
        ├── UnreachableError           unreachable
        ├── PortInUseError             port_in_use
        ├── FolderUnusableError        folder_unusable
        └── ProcessDiedError           process_died

Codes are stable, messages are not. The wire form of a code is its upper case. Each code has a
page ``docs/errors/<code>.md`` and a French and an English text in ``messages/errors.toml``.
Anything that reaches the edge and is no `CordeeError` is a bug, shown as ``internal``.
"""

from collections.abc import Mapping
from typing import ClassVar


class CordeeError(Exception):
    """Base of all expected errors.

    `params` fill the placeholders of the localised text; `path` says where in the input the
    cause lies (GraphQL argument names and list indexes, outermost first).
    """

    code: ClassVar[str] = "internal"

    def __init__(self, *, path: tuple[str | int, ...] = (), **params: object) -> None:
        self.params: Mapping[str, object] = params
        self.path = path
        super().__init__(self.code + (f" {dict(params)}" if params else ""))


class InputError(CordeeError):
    """The input can't be taken as it is; nothing was written."""

    code = "invalid_input"


class InvalidInputError(InputError):
    """A value is missing, malformed or out of its range. Params: `problem`."""


class InvalidTextError(InvalidInputError):
    """A text holds NUL or a lone surrogate, which PostgreSQL can't store."""

    code = "invalid_text"


class InvalidAnswerError(InvalidInputError):
    """An answer does not fit its item. Params: `item`, `problem`."""

    code = "invalid_answer"


class NotFoundError(InputError):
    """Nothing with that id that the caller may see; says the same for absent and foreign."""

    code = "not_found"


class StaleObjectError(InputError):
    """The object changed since it was read: its row version is another."""

    code = "stale_object"


class SlugTakenError(InputError):
    """The short name is used by another tenant."""

    code = "slug_taken"


class MemberLimitError(InputError):
    """The tenant's plan allows no further member. Params: `limit`."""

    code = "member_limit_reached"


class InvitationInvalidError(InputError):
    """The invitation code is unknown, used, withdrawn or older than 7 days."""

    code = "invitation_invalid"


class ProgrammeIncompleteError(InputError):
    """The programme can't be activated. Params: `missing`, the parts it lacks."""

    code = "programme_incomplete"


class TransitionBlockedError(InputError):
    """A state can't change as asked. Params: `objections`, the codes of what stands against it."""

    code = "transition_blocked"


class DuplicateCaseError(InputError):
    """The person has an open case in this programme already."""

    code = "duplicate_case"


class AlreadyDecidedError(InputError):
    """A decision exists already and is not taken twice."""

    code = "already_decided"


class ReferentConflictError(InputError):
    """Somebody else designated a referent at the same time, or one is active already."""

    code = "referent_conflict"


class UnknownPluginError(InputError):
    """No plugin of that name is installed. Params: `plugin`."""

    code = "unknown_plugin"


class UnknownInstrumentError(InputError):
    """No enabled plugin has that instrument. Params: `instrument`."""

    code = "unknown_instrument"


class InstrumentNotReadyError(InputError):
    """The instrument has safety flags, and nobody can be called yet. Params: `instrument`."""

    code = "instrument_not_ready"


class UnknownRuleError(InputError):
    """No enabled plugin has that rule. Params: `rule`."""

    code = "unknown_rule"


class AccessError(CordeeError):
    """The caller may not do this."""

    code = "forbidden"


class UnauthenticatedError(AccessError):
    """The token is missing, unknown, revoked or expired."""

    code = "unauthenticated"


class ForbiddenError(AccessError):
    """The member's roles lack the permission. Params: `permission`."""


class ContextInvalidError(AccessError):
    """The signed database context does not verify."""

    code = "context_invalid"


class ContextExpiredError(AccessError):
    """The signed database context is past its term."""

    code = "context_expired"


class PluginDisabledError(AccessError):
    """The tenant has not enabled the plugin. Params: `plugin`."""

    code = "plugin_disabled"


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


class PluginError(CordeeError):
    """A plugin broke its contract. Params: `plugin`, `problem`."""

    code = "plugin_error"

    def __init__(self, plugin: str, problem: str) -> None:
        super().__init__(plugin=plugin, problem=problem)
        self.plugin = plugin
        self.problem = problem

    def __str__(self) -> str:
        return f"plugin {self.plugin!r}: {self.problem}"


class ManifestError(PluginError):
    """The plugin's ``plugin.toml`` is missing or wrong."""

    code = "plugin_manifest"


class IncompatiblePluginError(PluginError):
    """The plugin speaks a hook API version this core does not."""

    code = "plugin_incompatible"


class ContentError(PluginError):
    """A content file of the plugin is wrong; `problem` says which file, where and what."""

    code = "plugin_content"


class PluginMigrationError(PluginError):
    """The plugin's migration failed or would break isolation; nothing of it stays."""

    code = "plugin_migration"


class OperatorError(CordeeError):
    """The installation is not as it must be. Params: `problem`, in one line."""

    code = "configuration_invalid"

    def __init__(self, problem: str) -> None:
        super().__init__(problem=problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem


class ConfigurationError(OperatorError):
    """A setting is missing or malformed."""


class PrivilegedRoleError(OperatorError):
    """The database role of a process may do more than it must; it does not serve."""

    code = "privileged_role"


class IsolationBrokenError(OperatorError):
    """The catalogue linter found a table whose protection is not as declared."""

    code = "isolation_broken"


class SchemaVersionError(OperatorError):
    """The database's schema is older or newer than this code."""

    code = "schema_version"


class MigrationError(OperatorError):
    """A migration failed and was rolled back."""

    code = "migration_failed"


class UnreachableError(OperatorError):
    """A server (PostgreSQL, Redis) does not answer."""

    code = "unreachable"


class PortInUseError(OperatorError):
    """The address asked for is taken by another process."""

    code = "port_in_use"


class FolderUnusableError(OperatorError):
    """A folder can't be written or entered."""

    code = "folder_unusable"


class ProcessDiedError(OperatorError):
    """A process that Cordée started ended by itself."""

    code = "process_died"
