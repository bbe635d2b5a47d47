"""The people who work: roles, trainings, conduct, caseloads, who could lead a case."""

from typing import Annotated
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.members.queries import all_own_roles, all_requirements, conduct_in_force
from cordee_core.referents.queries import CaseloadQuery, caseload_like, conflicts_like
from cordee_graphql.context import Info
from cordee_graphql.enums import Stage
from cordee_graphql.ids import uuid_of
from cordee_graphql.nodes import find_node
from cordee_graphql.planner.declare import by_id
from cordee_graphql.types.caseload import (
    CaseloadLine,
    CaseloadLoad,
    InterestConflict,
    ReferentCandidate,
    candidates_of,
    load_of,
)
from cordee_graphql.types.declaring import described_input, field
from cordee_graphql.types.lists import root_pages
from cordee_graphql.types.member import Member
from cordee_graphql.types.staff import Conduct, OwnRole, TrainingRequirement

_Case = Annotated[strawberry.ID, strawberry.argument(description="The case.")]
_Member = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Whose caseload; without it, that of the member who asks."),
]


@described_input
class CaseloadFilter:
    """What of a caseload is asked for; all that is given must fit.

    Without a member and without a team it is the caseload of the member who asks.
    """

    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who leads the cases."
    )
    team_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which team shares them."
    )
    programme_id: strawberry.ID | None = strawberry.field(
        default=None, description="In which programme they are."
    )
    stage: Stage | None = strawberry.field(default=None, description="Where they stand.")

    def query(self) -> CaseloadQuery:
        """Return what the core is asked. Raises NotFoundError for what is no id of its type."""
        member, team, programme = self.member_id, self.team_id, self.programme_id
        return CaseloadQuery(
            referent=None if member is None else uuid_of(member, "Member", "filter", "memberId"),
            team=None if team is None else uuid_of(team, "Team", "filter", "teamId"),
            programme=(
                None
                if programme is None
                else uuid_of(programme, "Programme", "filter", "programmeId")
            ),
            stage=None if self.stage is None else str(self.stage.value),
        )


@strawberry.type
class StaffQueries:
    """Root fields about those who work."""

    own_roles = root_pages(
        "The roles of the organisation's own, oldest first. "
        "Null with `FORBIDDEN` without `member.read`.",
        OwnRole,
        "ownRoles",
        lambda *_: all_own_roles(),
        Permission.MEMBER_READ,
    )
    own_role = by_id("A role of the organisation's own by its id.", OwnRole)
    training_requirements = root_pages(
        "The trainings that methods and instruments ask for, in the order they were set. "
        "Null with `FORBIDDEN` without `programme.read`.",
        TrainingRequirement,
        "trainingRequirements",
        lambda *_: all_requirements(),
        Permission.PROGRAMME_READ,
    )
    caseload = root_pages(
        "The cases that somebody leads, what is due first before the rest; without a filter, those "
        "of the member who asks. Null with `FORBIDDEN` without `case.read`.",
        CaseloadLine,
        "caseload",
        lambda wanted, own: caseload_like(wanted.query() if wanted else CaseloadQuery(), own),
        Permission.CASE_READ,
        given=Annotated[
            CaseloadFilter | None, strawberry.argument(description="Which of them, and whose.")
        ],
        subject="person_id",
        key=("due_key", UUID),
    )
    interest_conflicts = root_pages(
        "The conflicts of interest that members declared, newest first. "
        "Null with `FORBIDDEN` without `case.read`.",
        InterestConflict,
        "interestConflicts",
        lambda _, own: conflicts_like(own),
        Permission.CASE_READ,
        subject="person_id",
    )

    @field
    async def caseload_load(self, info: Info, member_id: _Member = None) -> CaseloadLoad | None:
        """How much somebody leads, weighted by intensity, against the strictest norm of its models.

        Null with `FORBIDDEN` without `case.read`, with `NOT_FOUND` where there is no such member;
        null where the organisation has no model.
        """
        operation = info.context.operation
        operation.scope.reach(Permission.CASE_READ)
        member = operation.scope.actor.id
        if member_id is not None and (asked := uuid_of(member_id, "Member", "memberId")) != member:
            operation.scope.require(Permission.CASE_READ)
            await find_node(info, Member, str(member_id), "memberId")
            member = asked
        found = await load_of(operation, member)
        return None if found is None else CaseloadLoad(own=found)

    @field
    async def referent_candidates(
        self, info: Info, case_id: _Case
    ) -> list[ReferentCandidate] | None:
        """Who could lead a case, the best match first, with what fits and what does not.

        Null with `FORBIDDEN` without `case.assign`, with `NOT_FOUND` where there is no such case.
        """
        return await candidates_of(info, case_id)

    @field
    async def conduct(self, info: Info) -> Conduct | None:
        """The code of conduct in force; null where the organisation has published none."""
        operation = info.context.operation
        operation.scope.require(Permission.MEMBER_READ)
        async with operation.read():
            found = await conduct_in_force()
        return None if found is None else Conduct.of(found)
