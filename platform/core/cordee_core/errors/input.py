"""Errors of what the caller sent; they go to ``userErrors``."""

from cordee_core.errors.base import CordeeError


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


class FieldInvalidError(InvalidInputError):
    """A value does not fit a field that the tenant defined. Params: `field`, `problem`."""

    code = "field_invalid"


class IdentifierInvalidError(InvalidInputError):
    """The value is no identifier of its kind: its checksum is wrong. Params: `kind`."""

    code = "identifier_invalid"


class IdentifierTakenError(InputError):
    """Another person has this identifier, or this one has another of the kind. Params: `kind`."""

    code = "identifier_taken"


class PersonMergedError(InputError):
    """The record was merged into another one, which is the one to change."""

    code = "person_merged"


class MergeConflictError(InputError):
    """Two records can't become one, or can't be parted. Params: `problem`."""

    code = "merge_conflict"


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


class ModelIncompleteError(InputError):
    """The model does not carry all of its programme. Params: `missing`, what it lacks."""

    code = "model_incomplete"


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
    """The instrument has safety flags, and nobody is set to be called. Params: `instrument`."""

    code = "instrument_not_ready"


class UnknownRuleError(InputError):
    """No enabled plugin has that rule. Params: `rule`."""

    code = "unknown_rule"
