"""Errors of designating, training and roles; what the caller sent, so they go to ``userErrors``."""

from cordee_core.errors.input import InputError


class CaseloadFullError(InputError):
    """The member would lead more than the model's norm allows. Params: `member`, `formula`."""

    code = "caseload_full"


class InterestConflictError(InputError):
    """The member declared a conflict of interest with the person or the case. Params: `member`."""

    code = "conflict_of_interest"


class TrainingMissingError(InputError):
    """A method or an instrument needs a training. Params: `member`, `trainings`."""

    code = "training_missing"


class ConductNotAcceptedError(InputError):
    """The member has not accepted the code of conduct in force. Params: `member`, `version`."""

    code = "conduct_not_accepted"


class MemberLeftError(InputError):
    """The member left the organisation and takes on nothing more. Params: `member`."""

    code = "member_left"


class LastAdminError(InputError):
    """Nobody would be left to run the organisation."""

    code = "last_admin"


class PermissionNotHeldError(InputError):
    """Nobody hands out more than they hold. Params: `permissions`."""

    code = "permission_not_held"
