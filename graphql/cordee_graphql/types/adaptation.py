"""The record of a local adaptation: the original, what changed, why, who was consulted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_graphql.context import Info
from cordee_graphql.types.declaring import described, described_interface, field
from cordee_graphql.types.enums import Consulted
from cordee_graphql.types.member import Member, member_named


@described
class Consultation:
    """Who was asked about a change."""

    who: Consulted = strawberry.field(description="Who.")
    note: str = strawberry.field(description="How they were asked, or what they said.")


@described
class AdaptationChange:
    """One change of what was copied from a template."""

    parts: list[str] = strawberry.field(description="The parts that changed.")
    reason: str | None = strawberry.field(description="Why.")
    consulted: list[Consultation] = strawberry.field(description="Who was consulted.")
    unvalidated_scoring: list[str] = strawberry.field(
        description="Codes of instruments and rules that it uses otherwise than validated."
    )
    at: datetime = strawberry.field(description="When.")
    member_id: strawberry.Private[UUID]

    @field
    async def member(self, info: Info) -> Member | None:
        """Who changed it."""
        return await member_named(info, self.member_id)

    @field
    def explained(self) -> bool:
        """Whether it says why, and who was consulted."""
        return self.reason is not None and bool(self.consulted)


@described
class Adaptation:
    """How something differs from the template that it was copied from."""

    original: str = strawberry.field(description="Code of the template.")
    version: str = strawberry.field(description="The template's version.")
    unvalidated_scoring: list[str] = strawberry.field(
        description="Codes of instruments and rules whose scoring is no longer as validated."
    )
    changes: list[AdaptationChange] = strawberry.field(description="The changes, oldest first.")

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Adaptation":
        """Return the record of the adaptation for the API."""
        return cls(
            original=stored["original"],
            version=stored["version"],
            unvalidated_scoring=stored.get("unvalidated_scoring", []),
            changes=[_change(one) for one in stored["changes"]],
        )


def _change(stored: Mapping[str, Any]) -> AdaptationChange:
    return AdaptationChange(
        parts=stored["parts"],
        reason=stored["reason"],
        consulted=[
            Consultation(who=Consulted(one["who"]), note=one["note"])
            for one in stored.get("consulted", [])
        ],
        unvalidated_scoring=stored.get("unvalidated_scoring", []),
        at=datetime.fromisoformat(stored["at"]),
        member_id=UUID(stored["by"]),
    )


@described_interface
class Adapted:
    """Something that may have been copied from a template and changed."""

    row: strawberry.Private[Mapping[str, Any]]

    @field
    def adaptation(self) -> Adaptation | None:
        """What was changed from the template, why, and who was consulted; null without one."""
        found = self.row["adaptation"]
        return None if found is None else Adaptation.of(found)
