"""Errors of who may do it; they go to ``errors[]``."""

from cordee_core.errors.base import CordeeError


class AccessError(CordeeError):
    """The caller may not do this."""

    code = "forbidden"


class UnauthenticatedError(AccessError):
    """The token is missing, unknown, revoked or expired."""

    code = "unauthenticated"


class ForbiddenError(AccessError):
    """The member's roles lack the permission. Params: `permission`."""


class NotDisclosedError(AccessError):
    """What was asked of a person is not disclosed to the caller. Params: `level`."""

    code = "not_disclosed"


class ContextInvalidError(AccessError):
    """The signed database context does not verify."""

    code = "context_invalid"


class ContextExpiredError(AccessError):
    """The signed database context is past its term."""

    code = "context_expired"


class PluginDisabledError(AccessError):
    """The tenant has not enabled the plugin. Params: `plugin`."""

    code = "plugin_disabled"
