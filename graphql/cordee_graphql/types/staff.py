"""What members bring and hold: roles of the organisation's own, trainings, the code of conduct."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.members import tables
from cordee_core.members.queries import without_conduct
from cordee_graphql.context import Info
from cordee_graphql.enums import Role
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, localised_column
from cordee_graphql.types.declaring import described, field, localised
from cordee_graphql.types.staff_enums import PermissionReach, TrainingKind, TrainingSubject


@described
class RoleGrant:
    """A permission that a role grants, and how far it reaches."""

    permission: str = strawberry.field(description="The permission, as `case.read`.")
    reach: PermissionReach = strawberry.field(description="How far it reaches.")


@described
class OwnRole(Node):
    """A role of the organisation's own: a copy of a shipped one, changed."""

    source = RowSource(table=tables.OwnRole, needs=Permission.MEMBER_READ)

    code: str = column("Its code, unique in the organisation.")
    based_on: Role = column("The shipped role that it was copied from.")
    created_at: datetime = column("When it was made.")
    changed_at: datetime = column("When it was changed last.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    title = localised_column("Its name.", "title")

    @field
    def grants(self) -> list[RoleGrant]:
        """What it grants, by permission."""
        stored: Mapping[str, str] = self.row["grants"]
        return [
            RoleGrant(permission=name, reach=PermissionReach(reach))
            for name, reach in sorted(stored.items())
        ]


@described
class Training:
    """A training or qualification that a member proved."""

    source = RowSource(table=tables.Training)
    kind: TrainingKind = column("What it is.")
    code: str = column("Its code, by which methods and instruments ask for it.")
    title: str = column("What it is called.")
    obtained_on: date = column("When it was obtained.")
    expires_on: date | None = column("The last day on which it holds; null where it does for life.")
    recorded_at: datetime = column("When it was recorded.")


@described
class TrainingRequirement:
    """A training that a method or an instrument asks of whoever works with it."""

    source = RowSource(table=tables.TrainingRequirement, needs=Permission.PROGRAMME_READ)
    subject: TrainingSubject = column("What asks for it.")
    subject_code: str = column("Code of the method or instrument.")
    training_code: str = column("Code of the training.")
    active: bool = column("Whether it is asked for now.")


@described
class Conduct:
    """The code of conduct in force: accepted by each member before the first case."""

    version: int = strawberry.field(description="Its version: 1, 2, 3.")
    published_at: datetime = strawberry.field(description="When it was published.")
    uuid: strawberry.Private[UUID]
    texts: strawberry.Private[Mapping[str, str]]
    text = localised("What it says.", lambda self: self.texts)

    @field
    async def accepted(self, info: Info) -> bool:
        """Whether the member who asks has accepted this version."""
        operation = info.context.operation
        async with operation.read():
            return not await without_conduct([operation.scope.actor.id], self.uuid)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Conduct":
        """Return the code of conduct in a row."""
        return cls(
            version=row["version"], published_at=row["published_at"], uuid=row["id"],
            texts=row["text"],
        )  # fmt: skip
