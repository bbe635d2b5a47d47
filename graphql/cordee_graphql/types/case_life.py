"""The life of a case: changes of stage, closures, transfers, mergers, interruptions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases import tables
from cordee_core.languages import catalogue
from cordee_graphql.context import Info
from cordee_graphql.enums import RequestSource, Stage
from cordee_graphql.ids import encode
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import (
    RowSource,
    column,
    column_of,
    localised_column,
    named,
    one,
)
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described, field, localised
from cordee_graphql.types.life_enums import RequestOutcome, TransferState
from cordee_graphql.types.member import Member, Team
from cordee_graphql.types.person import Person

_CASE = "cordee_graphql.types.case:Case"
_PROGRAMME = "cordee_graphql.types.programme:Programme"


@described
class StageChange:
    """One change of a case's stage; the first is its opening."""

    source = RowSource(table=tables.StageChange)
    number: int = column("1, 2, 3 without gaps.")
    from_stage: Stage | None = column("Where it came from; null for the opening.")
    to_stage: Stage = column("Where it went.")
    at: datetime = column("When.")
    reason: str | None = column("Why, where a reason was given.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("Who moved it; null where the system did.", Member, "member_id")


@described
class Closure:
    """How a case ended."""

    source = RowSource(table=tables.Closure)
    number: int = column("The number of the change of stage.")
    vocabulary: str = column("Code of the vocabulary that the reason is from.")
    reason_code: str = column("Code of the reason.")
    row: strawberry.Private[Mapping[str, Any]]
    reason = localised_column("The reason in words, as it was named then.", "reason")
    note: str | None = column("More about it.")
    after_care_on: date = column("When the person is asked again how they are.")
    retain_until: date = column("Until when the record is kept.")
    closed_at: datetime = column("When.")
    closed_by = named("Who closed it.", Member, "closed_by")


@described
class CasePerson:
    """Somebody whom the case of a household is about."""

    source = RowSource(table=tables.CasePerson)
    joined_on: date = column("Since when.")
    left_on: date | None = column("Until when, if they left.")
    row: strawberry.Private[Mapping[str, Any]]
    person = one("Who. Null with `FORBIDDEN` without `person.read`.", Person, "person_id")


@described
class Merger:
    """That a case goes on in another one of the same person."""

    source = RowSource(table=tables.Merger)
    reason: str = column("Why.")
    merged_at: datetime = column("When.")
    row: strawberry.Private[Mapping[str, Any]]
    into = one("The case that goes on.", _CASE, "into_id")
    merged_by = named("Who merged them.", Member, "merged_by")


@described
class ManifestSection:
    """One kind of record that a case has, and whether it moves with it."""

    code: str = strawberry.field(description="Its code.")
    count: int = strawberry.field(description="How many records.")
    moves: bool = strawberry.field(
        description="Whether they move; else they stay readable under the former number."
    )
    label = localised("The kind in words.", lambda self: catalogue("words")[f"section_{self.code}"])


def manifest_sections(manifest: Mapping[str, Mapping[str, Any]]) -> list[ManifestSection]:
    """Return the sections of a stored manifest."""
    return [
        ManifestSection(code=code, count=one["count"], moves=one["moves"])
        for code, one in sorted(manifest.items())
    ]


@described
class Transfer(BelowCase, Node):
    """A request that a case goes on elsewhere in the organisation; both sides approve it."""

    source = RowSource(table=tables.Transfer, needs=Permission.CASE_READ, below=True)
    state: TransferState = column("Where it stands.")
    reason: str = column("Why.")
    requested_at: datetime = column("When it was requested.")
    given_at: datetime | None = column("When the side that hands over approved.")
    received_at: datetime | None = column("When the side that takes over approved.")
    answer: str | None = column("Why it was declined or withdrawn.")
    settled_at: datetime | None = column("When it was done, declined or withdrawn.")
    row_version: int = column("Raised by each change.")
    programme = one("The programme in which it goes on.", _PROGRAMME, "programme_id")
    team = named("The team that takes it over.", Team, "team_id")
    receiver = named("Who is asked to take it over.", Member, "referent_id")
    requested_by = named("Who requested it.", Member, "requested_by")
    giver = named("Who approved for the side that hands over.", Member, "giver_id")
    approved_receiver = named("Who approved for the side that takes over.", Member, "receiver_id")
    new_case = one("The case under its new number, once done.", _CASE, "new_case_id")

    @field
    def manifest(self) -> list[ManifestSection]:
        """What moves with it and what stays, as it was when the transfer was requested."""
        return manifest_sections(self.row["manifest"])


@described
class NotReached:
    """A case that an interruption named and did not reach."""

    case_id: strawberry.ID = strawberry.field(description="The id that was given.")
    reasons: list[str] = strawberry.field(description="What stood against it.")


@described
class Interruption(Node):
    """One act that put many cases on hold, or moved them, with those that it did not reach."""

    source = RowSource(table=tables.Interruption, needs=Permission.CASE_READ)
    number: str = column("Its number, as `2026-000001`.")
    stage: str = column("Where the cases went, in the core's words; `resumed` where they returned.")
    reason: str = column("Why.")
    reached: int = column("How many cases went.")
    acted_at: datetime = column("When.")
    row: strawberry.Private[Mapping[str, Any]]
    acted_by = named("Who did it.", Member, "acted_by")

    @field
    def not_reached(self, info: Info) -> list[NotReached]:
        """The cases that stayed where they were, each with what stood against it."""
        language = info.context.operation.language
        return [
            NotReached(
                case_id=strawberry.ID(encode("Case", one["case"])),
                reasons=[text[language] for text in one["why"]],
            )
            for one in self.row["not_reached"]
        ]


@described
class Request(Node):
    """A request that needed no case: it ended as information or orientation."""

    source = RowSource(table=tables.Request, needs=Permission.CASE_READ, subject="person_id")
    number: str = column("Its number, as `2026-000001`.")
    outcome: RequestOutcome = column("How it ended.")
    asked_by: RequestSource = column_of("request_source", "Who asked.")
    topic: str = column("What was asked.")
    answer: str = column("What was said, or where the person was sent.")
    received_on: date = column("When it was asked.")
    recorded_at: datetime = column("When it was recorded.")
    row: strawberry.Private[Mapping[str, Any]]
    person = one("Who it was about, if known.", Person, "person_id")
    recorded_by = named("Who recorded it.", Member, "recorded_by")
