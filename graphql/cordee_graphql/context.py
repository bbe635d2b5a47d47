"""What every resolver gets: the operation, and nothing of HTTP."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import strawberry

from cordee_graphql.operation import Operation

if TYPE_CHECKING:
    from cordee_core.access.context import ContextKeys
    from cordee_core.database.engine import CordeeEngine
    from cordee_core.plugins.host import PluginHost
    from cordee_core.settings import Settings


@dataclass(frozen=True)
class Installation:
    """What a mutation needs that is used before anybody has signed in."""

    engine: "CordeeEngine"
    host: "PluginHost"
    keys: "ContextKeys"
    settings: "Settings"


class Planned(Protocol):
    """What gives the objects of a mutation's payload as finished JSON."""

    async def changed(self, info: Any, cls: type, uuid: UUID) -> Any:
        """Return the `cls` with that id, None where ordinary execution is to give it."""
        ...


@dataclass
class Context:
    """The context of one operation; `token` is the one that the request carried.

    `resume` is the cursor after which a subscription goes on, where the transport gave one.
    """

    operation: Operation
    installation: Installation | None = None
    token: str | None = field(default=None, repr=False)
    resume: str | None = None
    planned: "Planned | None" = field(default=None, repr=False)


Info = strawberry.Info[Context, None]
"""The type to annotate a resolver's ``info`` with."""
