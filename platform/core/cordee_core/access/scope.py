"""Who acts, for which tenant, with which permissions: handed to every use case."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from cordee_core.access.context import ContextKeys, sign
from cordee_core.access.memory import Proof
from cordee_core.access.permissions import Grants, Permission, Reach
from cordee_core.clock import Clock, NewId, new_id, now
from cordee_core.errors import ForbiddenError, PluginDisabledError
from cordee_core.languages import Language

if TYPE_CHECKING:
    from cordee_core.plugins.host import PluginHost

CONTEXT_TERM = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """The acting member: its id, its roles and, for a person's own access, that person."""

    id: UUID
    roles: tuple[str, ...]
    display_name: str
    person_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """One actor in one tenant, for one request or job.

    `member` is None for a job of the system and for the moment a tenant signs up. `enabled` names
    the plugins that the tenant enabled and that are loaded.
    """

    tenant: UUID
    keys: ContextKeys
    host: "PluginHost"
    member: Actor | None = None
    permissions: Grants = field(default_factory=dict)
    enabled: frozenset[str] = frozenset()
    language: Language = "en"
    purpose: str = "case_management"
    request_id: str | None = None
    clock: Clock = now
    new_id: NewId = new_id
    proof: Proof | None = field(default=None, compare=False, repr=False)
    """What the first transaction must ask, where this was remembered and not looked up."""

    def require(self, permission: Permission) -> None:
        """Return if the permission is granted for the whole tenant; else raise ForbiddenError."""
        if self.permissions.get(permission) is not Reach.TENANT:
            raise ForbiddenError(permission=str(permission))

    def reach(self, permission: Permission) -> Reach:
        """Return how far `permission` reaches. Raises ForbiddenError where it is not granted."""
        found = self.permissions.get(permission)
        if found is None:
            raise ForbiddenError(permission=str(permission))
        return found

    def own_only(self, permission: Permission) -> UUID | None:
        """Return the person to whom `permission` is limited, None where it reaches the tenant.

        Raises:
            ForbiddenError: it is not granted at all.
        """
        reach = self.permissions.get(permission)
        if reach is Reach.TENANT:
            return None
        if reach is Reach.SELF and self.member is not None and self.member.person_id is not None:
            return self.member.person_id
        raise ForbiddenError(permission=str(permission))

    def require_plugin(self, plugin: str) -> None:
        """Return if the tenant enabled `plugin`. Raises PluginDisabledError."""
        if plugin not in self.enabled:
            raise PluginDisabledError(plugin=plugin)

    @property
    def actor(self) -> Actor:
        """The acting member. Raises ForbiddenError for the system, which acts for nobody."""
        if self.member is None:
            raise ForbiddenError(permission="member")
        return self.member

    def signed(self, term: timedelta = CONTEXT_TERM) -> str:
        """Return the context for one transaction, valid for `term` from now."""
        return sign(
            self.keys,
            tenant=self.tenant,
            member=self.member.id if self.member else None,
            purpose=self.purpose,
            expires=self.clock() + term,
        )
