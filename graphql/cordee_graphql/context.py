"""What every resolver gets: the operation, and nothing of HTTP."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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


@dataclass
class Context:
    """The context of one operation; `token` is the one that the request carried.

    `resume` is the cursor after which a subscription goes on, where the transport gave one.
    """

    operation: Operation
    installation: Installation | None = None
    token: str | None = field(default=None, repr=False)
    resume: str | None = None


Info = strawberry.Info[Context, None]
"""The type to annotate a resolver's ``info`` with."""
