"""Which elements of a list are asked for; what is absent or null asks for any."""

from datetime import datetime
from uuid import UUID

import strawberry

from cordee_core.cases.queries import CaseQuery, TimelineQuery
from cordee_core.journal.queries import JournalQuery
from cordee_core.services.queries import ServiceQuery
from cordee_core.validation import maybe_text, need_text
from cordee_graphql.enums import Stage
from cordee_graphql.ids import uuid_of
from cordee_graphql.types.declaring import described_input
from cordee_graphql.types.enums import JournalKind


@described_input
class CaseFilter:
    """Which cases are asked for; all that is given must fit."""

    stage: Stage | None = strawberry.field(default=None, description="Where the case stands.")
    referent_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who is its referent."
    )
    programme_id: strawberry.ID | None = strawberry.field(
        default=None, description="In which programme it is."
    )
    team_id: strawberry.ID | None = strawberry.field(
        default=None, description="In which team's caseload it is."
    )

    def query(self) -> CaseQuery:
        """Return what the core is asked. Raises NotFoundError for what is no id of its type."""
        return CaseQuery(
            stage=None if self.stage is None else str(self.stage.value),
            referent=_uuid(self.referent_id, "Member", "referentId"),
            programme=_uuid(self.programme_id, "Programme", "programmeId"),
            team=_uuid(self.team_id, "Team", "teamId"),
        )


@described_input
class PersonFilter:
    """Which persons are asked for."""

    protected: bool = strawberry.field(
        default=False,
        description="Those who are protected and whom you may know of; they are in no other list.",
    )


@described_input
class ServiceFilter:
    """Which services are asked for; all that is given must fit."""

    plugin: str | None = strawberry.field(default=None, description="Which plugin brings it.")
    code: str | None = strawberry.field(default=None, description="Its code.")
    active: bool | None = strawberry.field(default=None, description="Whether it is offered now.")

    def query(self) -> ServiceQuery:
        """Return what the core is asked. Raises InvalidTextError for what can't be stored."""
        return ServiceQuery(
            plugin=maybe_text(self.plugin, "filter", "plugin"),
            code=maybe_text(self.code, "filter", "code"),
            active=self.active,
        )


@described_input
class JournalFilter:
    """Which journal entries are asked for; all that is given must fit."""

    kind: JournalKind | None = strawberry.field(default=None, description="What kind of act.")
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose record was read or written."
    )
    member_id: strawberry.ID | None = strawberry.field(default=None, description="Who acted.")

    def query(self) -> JournalQuery:
        """Return what the core is asked. Raises NotFoundError for what is no id of its type."""
        return JournalQuery(
            kind=None if self.kind is None else str(self.kind.value),
            person=_uuid(self.person_id, "Person", "personId"),
            member=_uuid(self.member_id, "Member", "memberId"),
        )


@described_input
class TimelineFilter:
    """Which entries of a case's timeline are asked for; all that is given must fit."""

    kinds: list[str] = strawberry.field(
        default_factory=list, description="Codes of kinds, as `stage_changed`."
    )
    groups: list[str] = strawberry.field(
        default_factory=list,
        description="First words of kinds, as `referral`; or plugins by their names.",
    )
    since: datetime | None = strawberry.field(default=None, description="From this moment on.")
    until: datetime | None = strawberry.field(default=None, description="Before this moment.")
    member_id: strawberry.ID | None = strawberry.field(default=None, description="Who did it.")

    def query(self) -> TimelineQuery:
        """Return what the core is asked. Raises NotFoundError for what is no id of its type."""
        return TimelineQuery(
            kinds=tuple(need_text(one, "filter", "kinds") for one in self.kinds),
            groups=tuple(need_text(one, "filter", "groups") for one in self.groups),
            since=self.since,
            until=self.until,
            member=_uuid(self.member_id, "Member", "memberId"),
        )


def _uuid(gid: str | None, type_name: str, field: str) -> UUID | None:
    return None if gid is None else uuid_of(gid, type_name, "filter", field)
