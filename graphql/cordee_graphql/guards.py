"""Fields that not everybody may read, and root fields that need no token."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from strawberry.extensions import FieldExtension
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField

from cordee_core.errors import ForbiddenError, PluginDisabledError
from cordee_graphql.context import Info
from cordee_graphql.operation import Operation

PUBLIC: dict[object, object] = {"cordee.public": True}
"""``strawberry.mutation(metadata=PUBLIC)`` marks a root field that may be used without a token."""


def is_public(field: StrawberryField) -> bool:
    """Return whether the root field `field` may be used without a token."""
    metadata: Mapping[Any, Any] = field.metadata or {}
    return metadata.get("cordee.public") is True


class _Check(FieldExtension, ABC):
    """Raises before the resolver runs where the caller may not read the field."""

    note = ""

    @abstractmethod
    def check(self, operation: Operation) -> None:
        """Raise what stands against reading the field."""

    def apply(self, field: StrawberryField) -> None:
        """Refuse a field that is not nullable and say in its description when it is null."""
        if not isinstance(field.type, StrawberryOptional):
            raise TypeError(f"the guarded field {field.python_name} must be nullable")
        if self.note not in (field.description or ""):
            field.description = f"{field.description or ''} {self.note}".strip()

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: Any, **kwargs: Any
    ) -> Any:
        """Check, then resolve."""
        self.check(cast("Info", info).context.operation)
        return await next_(source, info, **kwargs)


class Guarded(_Check):
    """Needs the permission `permission`: null with ``FORBIDDEN`` without it."""

    def __init__(self, permission: str) -> None:
        self.permission = permission
        self.note = f"Null with `FORBIDDEN` without the permission `{permission}`."

    def check(self, operation: Operation) -> None:
        """Raise `ForbiddenError` where the member's roles lack the permission."""
        if self.permission not in operation.scope.permissions:
            raise ForbiddenError(permission=self.permission)


class NeedsPlugin(_Check):
    """Needs the plugin `plugin`: null with ``PLUGIN_DISABLED`` where it is not enabled."""

    def __init__(self, plugin: str) -> None:
        self.plugin = plugin
        self.note = f"Null with `PLUGIN_DISABLED` where the tenant has not enabled `{plugin}`."

    def check(self, operation: Operation) -> None:
        """Raise `PluginDisabledError` where the tenant has not enabled the plugin."""
        if self.plugin not in operation.scope.enabled:
            raise PluginDisabledError(plugin=self.plugin)
