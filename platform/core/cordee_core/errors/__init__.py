"""Every error Cordée raises on purpose.

    CordeeError                        code, params, path; text in French and English
    ├── InputError                     what the caller sent; goes to ``userErrors``
    │   ├── InvalidInputError          invalid_input
    │   │   ├── InvalidTextError       invalid_text
    │   │   ├── FieldInvalidError      field_invalid
    │   │   ├── IdentifierInvalidError  identifier_invalid
    │   │   └── InvalidAnswerError     invalid_answer
    │   ├── IdentifierTakenError       identifier_taken
    │   ├── PersonMergedError          person_merged
    │   ├── MergeConflictError         merge_conflict
    │   ├── NotFoundError              not_found (absent and "not yours" alike)
    │   ├── StaleObjectError           stale_object
    │   ├── SlugTakenError             slug_taken
    │   ├── MemberLimitError           member_limit_reached
    │   ├── InvitationInvalidError     invitation_invalid
    │   ├── ProgrammeIncompleteError   programme_incomplete
    │   ├── ModelIncompleteError       model_incomplete
    │   ├── TransitionBlockedError     transition_blocked
    │   ├── DuplicateCaseError         duplicate_case
    │   ├── AlreadyDecidedError        already_decided
    │   ├── ReferentConflictError      referent_conflict
    │   ├── CaseloadFullError          caseload_full
    │   ├── InterestConflictError      conflict_of_interest
    │   ├── TrainingMissingError       training_missing
    │   ├── ConductNotAcceptedError    conduct_not_accepted
    │   ├── MemberLeftError            member_left
    │   ├── LastAdminError             last_admin
    │   ├── PermissionNotHeldError     permission_not_held
    │   ├── UnknownPluginError         unknown_plugin
    │   ├── UnknownInstrumentError     unknown_instrument
    │   ├── InstrumentNotReadyError    instrument_not_ready
    │   └── UnknownRuleError           unknown_rule
    ├── AccessError                    who may do it; goes to ``errors[]``
    │   ├── UnauthenticatedError       unauthenticated
    │   ├── ForbiddenError             forbidden
    │   ├── NotDisclosedError          not_disclosed
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

from cordee_core.errors.access import (
    AccessError,
    ContextExpiredError,
    ContextInvalidError,
    ForbiddenError,
    NotDisclosedError,
    PluginDisabledError,
    UnauthenticatedError,
)
from cordee_core.errors.base import CordeeError
from cordee_core.errors.input import (
    AlreadyDecidedError,
    DuplicateCaseError,
    FieldInvalidError,
    IdentifierInvalidError,
    IdentifierTakenError,
    InputError,
    InstrumentNotReadyError,
    InvalidAnswerError,
    InvalidInputError,
    InvalidTextError,
    InvitationInvalidError,
    MemberLimitError,
    MergeConflictError,
    ModelIncompleteError,
    NotFoundError,
    PersonMergedError,
    ProgrammeIncompleteError,
    ReferentConflictError,
    SlugTakenError,
    StaleObjectError,
    TransitionBlockedError,
    UnknownInstrumentError,
    UnknownPluginError,
    UnknownRuleError,
)
from cordee_core.errors.operator import (
    ConfigurationError,
    FolderUnusableError,
    IsolationBrokenError,
    MigrationError,
    OperatorError,
    PortInUseError,
    PrivilegedRoleError,
    ProcessDiedError,
    SchemaVersionError,
    UnreachableError,
)
from cordee_core.errors.plugin import (
    ContentError,
    IncompatiblePluginError,
    ManifestError,
    PluginError,
    PluginMigrationError,
)
from cordee_core.errors.request import (
    BadRequestError,
    DocumentInvalidError,
    DocumentUnreadableError,
    IdempotencyInvalidError,
    IdempotencyMismatchError,
    LimitExceededError,
    NotReadyError,
    OperationTimeoutError,
    PayloadTooLargeError,
    RateLimitedError,
    RequestError,
    RequestTooSlowError,
    UnknownDocumentError,
    VariableInvalidError,
)
from cordee_core.errors.staff import (
    CaseloadFullError,
    ConductNotAcceptedError,
    InterestConflictError,
    LastAdminError,
    MemberLeftError,
    PermissionNotHeldError,
    TrainingMissingError,
)

__all__ = [
    "AccessError",
    "AlreadyDecidedError",
    "BadRequestError",
    "CaseloadFullError",
    "ConductNotAcceptedError",
    "ConfigurationError",
    "ContentError",
    "ContextExpiredError",
    "ContextInvalidError",
    "CordeeError",
    "DocumentInvalidError",
    "DocumentUnreadableError",
    "DuplicateCaseError",
    "FieldInvalidError",
    "FolderUnusableError",
    "ForbiddenError",
    "IdempotencyInvalidError",
    "IdempotencyMismatchError",
    "IdentifierInvalidError",
    "IdentifierTakenError",
    "IncompatiblePluginError",
    "InputError",
    "InstrumentNotReadyError",
    "InterestConflictError",
    "InvalidAnswerError",
    "InvalidInputError",
    "InvalidTextError",
    "InvitationInvalidError",
    "IsolationBrokenError",
    "LastAdminError",
    "LimitExceededError",
    "ManifestError",
    "MemberLeftError",
    "MemberLimitError",
    "MergeConflictError",
    "MigrationError",
    "ModelIncompleteError",
    "NotDisclosedError",
    "NotFoundError",
    "NotReadyError",
    "OperationTimeoutError",
    "OperatorError",
    "PayloadTooLargeError",
    "PermissionNotHeldError",
    "PersonMergedError",
    "PluginDisabledError",
    "PluginError",
    "PluginMigrationError",
    "PortInUseError",
    "PrivilegedRoleError",
    "ProcessDiedError",
    "ProgrammeIncompleteError",
    "RateLimitedError",
    "ReferentConflictError",
    "RequestError",
    "RequestTooSlowError",
    "SchemaVersionError",
    "SlugTakenError",
    "StaleObjectError",
    "TrainingMissingError",
    "TransitionBlockedError",
    "UnauthenticatedError",
    "UnknownDocumentError",
    "UnknownInstrumentError",
    "UnknownPluginError",
    "UnknownRuleError",
    "UnreachableError",
    "VariableInvalidError",
]
