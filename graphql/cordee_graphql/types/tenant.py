"""The organisation that subscribes, and who is asking."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.tenants.queries import own_tenant
from cordee_graphql.context import Info
from cordee_graphql.enums import Language
from cordee_graphql.nodes import Node, load_node
from cordee_graphql.operation import Operation
from cordee_graphql.types.declaring import described, field, localised
from cordee_graphql.types.member import Member, member_named
from cordee_graphql.types.rows import from_row


@described
class Plan:
    """What a subscription allows."""

    code: str = strawberry.field(description="Its code, which `tenantSignUp` takes.")
    member_limit: int = strawberry.field(description="Most members, with open invitations.")
    active_case_limit: int = strawberry.field(description="Most open cases.")
    texts: strawberry.Private[Mapping[str, str]]
    title = localised("Its name.", lambda self: self.texts)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Plan":
        """Return the plan in a row."""
        return from_row(cls, row, texts=row["title"])


@described
class Tenant(Node):
    """An organisation that subscribes."""

    slug: str = strawberry.field(description="Its short name, unique in the installation.")
    name: str = strawberry.field(description="Its name.")
    plan: Plan = strawberry.field(description="What it subscribed to.")
    language: Language = strawberry.field(description="Its language where nobody asks for another.")
    time_zone: str = strawberry.field(description="Its time zone, as in `Europe/Paris`.")
    row_version: int = strawberry.field(description="Raised by each change.")

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, "Tenant"]:
        """Return the caller's own organisation if it is asked for; no other is ever seen."""
        if operation.scope.tenant not in uuids:
            return {}
        async with operation.read():
            row = await own_tenant()
        plan = Plan.of({**row, "code": row["plan_code"], "title": row["plan_title"]})
        return {row["id"]: from_row(cls, row, plan=plan)}


@described
class Viewer:
    """Who is asking: a member of one organisation."""

    @field
    async def member(self, info: Info) -> Member | None:
        """The member who is asking."""
        return await member_named(info, info.context.operation.scope.actor.id)

    @field
    async def tenant(self, info: Info) -> Tenant | None:
        """The organisation in whose name the member asks."""
        return await load_node(info, Tenant, info.context.operation.scope.tenant)

    @field
    def permissions(self, info: Info) -> list[str]:
        """What the member may do, as codes like `case.read`; some reach only the own record."""
        return sorted(str(one) for one in info.context.operation.scope.permissions)

    @field
    def language(self, info: Info) -> Language:
        """The language of this answer: the one asked for, else the member's."""
        return Language(info.context.operation.language)
