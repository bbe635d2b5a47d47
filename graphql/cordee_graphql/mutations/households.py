# mypy: disable-error-code="untyped-decorator"
"""Households, relations and representatives."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.households import appoint_representative as representing
from cordee_core.households import make_household as living
from cordee_core.households import relate_persons as relating
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.around_enums import (
    HouseholdRole,
    RelationKind,
    RepresentativeKind,
    RepresentativeScope,
)
from cordee_graphql.types.household import Household, HouseholdMember, Relation, Representative

_VERSION = "Its `rowVersion` as you read it."
_ENDS = "The day it ended; not in the future."


@strawberry.input(description="A household.")
class HouseholdMakeInput:
    """Its name."""

    name: str = strawberry.field(description="What it is called.")
    note: str | None = strawberry.field(default=None, description="What there is to say of it.")

    def draft(self) -> living.HouseholdDraft:
        """Return what the use case takes."""
        return living.HouseholdDraft(name=self.name, note=self.note)


@strawberry.input(description="A person who is in a household.")
class HouseholdJoinInput:
    """Who, as what, since when."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    person_id: strawberry.ID = strawberry.field(description="The person.")
    role: HouseholdRole = strawberry.field(description="What the person is in it.")
    starts_on: date = strawberry.field(description="Since when; not in the future.")

    def draft(self) -> living.StayDraft:
        """Return what the use case takes."""
        return living.StayDraft(
            household=uuid_of(self.household_id, "Household", "input", "householdId"),
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            role=self.role.value,
            starts_on=self.starts_on,
        )


@strawberry.input(description="A person who left a household.")
class HouseholdLeaveInput:
    """Whose time in it ended, when."""

    household_member_id: strawberry.ID = strawberry.field(description="The time in the household.")
    row_version: int = strawberry.field(description=_VERSION)
    ends_on: date = strawberry.field(description=_ENDS)

    def draft(self) -> living.LeaveDraft:
        """Return what the use case takes."""
        stay = uuid_of(self.household_member_id, "HouseholdMember", "input", "householdMemberId")
        return living.LeaveDraft(stay=stay, row_version=self.row_version, ends_on=self.ends_on)


@strawberry.input(description="What one person is to another.")
class RelationRecordInput:
    """`personId` is the `kind` of `otherId`."""

    person_id: strawberry.ID = strawberry.field(description="Who stands in the relation.")
    other_id: strawberry.ID = strawberry.field(description="To whom.")
    kind: RelationKind = strawberry.field(description="What the person is to the other.")
    detail: str | None = strawberry.field(default=None, description="More about it.")
    starts_on: date | None = strawberry.field(default=None, description="Since when, if known.")

    def draft(self) -> relating.RelationDraft:
        """Return what the use case takes."""
        return relating.RelationDraft(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            other=uuid_of(self.other_id, "Person", "input", "otherId"),
            kind=self.kind.value, detail=self.detail, starts_on=self.starts_on,
        )  # fmt: skip


@strawberry.input(description="A relation that holds no longer.")
class RelationEndInput:
    """Which, when."""

    relation_id: strawberry.ID = strawberry.field(description="The relation.")
    row_version: int = strawberry.field(description=_VERSION)
    ends_on: date = strawberry.field(description=_ENDS)

    def draft(self) -> relating.RelationEndDraft:
        """Return what the use case takes."""
        relation = uuid_of(self.relation_id, "Relation", "input", "relationId")
        return relating.RelationEndDraft(
            relation=relation, row_version=self.row_version, ends_on=self.ends_on
        )


@strawberry.input(description="Somebody who may act for a person.")
class RepresentativeAppointInput:
    """Who, in what, from when until when; a registered person or somebody by name."""

    person_id: strawberry.ID = strawberry.field(description="For whom.")
    kind: RepresentativeKind = strawberry.field(description="By what they may act.")
    scopes: list[RepresentativeScope] = strawberry.field(description="In what they may act.")
    starts_on: date = strawberry.field(description="From which day.")
    ends_on: date | None = strawberry.field(default=None, description="Until which day.")
    representative_id: strawberry.ID | None = strawberry.field(
        default=None, description="A registered person; or give `name`."
    )
    name: str | None = strawberry.field(
        default=None, description="Somebody who is not registered; or give `representativeId`."
    )
    proof: str | None = strawberry.field(default=None, description="The document that says so.")

    def draft(self) -> representing.RepresentativeDraft:
        """Return what the use case takes."""
        who = self.representative_id
        return representing.RepresentativeDraft(
            person=uuid_of(self.person_id, "Person", "input", "personId"), kind=self.kind.value,
            scopes=tuple(one.value for one in self.scopes), starts_on=self.starts_on,
            ends_on=self.ends_on, name=self.name, proof=self.proof,
            representative=None
            if who is None else uuid_of(who, "Person", "input", "representativeId"),
        )  # fmt: skip


@strawberry.input(description="Somebody who may act no longer.")
class RepresentativeEndInput:
    """Which, when."""

    representative_id: strawberry.ID = strawberry.field(description="The representative.")
    row_version: int = strawberry.field(description=_VERSION)
    ends_on: date = strawberry.field(description=_ENDS)

    def draft(self) -> representing.RepresentativeEndDraft:
        """Return what the use case takes."""
        row = uuid_of(self.representative_id, "Representative", "input", "representativeId")
        return representing.RepresentativeEndDraft(
            representative=row, row_version=self.row_version, ends_on=self.ends_on
        )


@strawberry.type
class HouseholdPayload(Payload):
    """Base of payloads about households."""

    @strawberry.field(description="The household.")
    async def household(self, info: Info) -> Household | None:
        """Return the household."""
        return await load_node(info, Household, self.changed.get("household"))

    @strawberry.field(description="The time in it, where one was recorded or ended.")
    async def household_member(self, info: Info) -> HouseholdMember | None:
        """Return the time in it."""
        return await load_node(info, HouseholdMember, self.changed.get("stay"))


@strawberry.type(description="The household.")
class HouseholdMakePayload(HouseholdPayload):
    """Payload of ``householdMake``."""


@strawberry.type(description="The household.")
class HouseholdJoinPayload(HouseholdPayload):
    """Payload of ``householdJoin``."""


@strawberry.type(description="The household.")
class HouseholdLeavePayload(HouseholdPayload):
    """Payload of ``householdLeave``."""


@strawberry.type
class RelationPayload(Payload):
    """Base of payloads about relations."""

    @strawberry.field(description="The relation.")
    async def relation(self, info: Info) -> Relation | None:
        """Return the relation."""
        return await load_node(info, Relation, self.changed.get("relation"))


@strawberry.type(description="The relation.")
class RelationRecordPayload(RelationPayload):
    """Payload of ``relationRecord``."""


@strawberry.type(description="The relation.")
class RelationEndPayload(RelationPayload):
    """Payload of ``relationEnd``."""


@strawberry.type
class RepresentativePayload(Payload):
    """Base of payloads about representatives."""

    @strawberry.field(description="The representative.")
    async def representative(self, info: Info) -> Representative | None:
        """Return the representative."""
        return await load_node(info, Representative, self.changed.get("representative"))


@strawberry.type(description="The representative.")
class RepresentativeAppointPayload(RepresentativePayload):
    """Payload of ``representativeAppoint``."""


@strawberry.type(description="The representative.")
class RepresentativeEndPayload(RepresentativePayload):
    """Payload of ``representativeEnd``."""


_WRITE = Permission.PERSON_WRITE


@strawberry.type
class HouseholdMutations:
    """Mutations of households, relations and representatives."""

    @strawberry.mutation(description=needs(_WRITE, "Record a household."))
    async def household_make(
        self, info: Info, given: Annotated[HouseholdMakeInput, INPUT]
    ) -> HouseholdMakePayload | None:
        """Record a household."""
        return await submit(
            info, HouseholdMakePayload, "householdMake", living.make_household, given
        )

    @strawberry.mutation(description=needs(_WRITE, "Record that a person is in a household."))
    async def household_join(
        self, info: Info, given: Annotated[HouseholdJoinInput, INPUT]
    ) -> HouseholdJoinPayload | None:
        """Record a time in a household."""
        return await submit(
            info, HouseholdJoinPayload, "householdJoin", living.join_household, given
        )

    @strawberry.mutation(description=needs(_WRITE, "End a person's time in a household."))
    async def household_leave(
        self, info: Info, given: Annotated[HouseholdLeaveInput, INPUT]
    ) -> HouseholdLeavePayload | None:
        """End a time in a household."""
        return await submit(
            info, HouseholdLeavePayload, "householdLeave", living.leave_household, given
        )

    @strawberry.mutation(description=needs(_WRITE, "Record what one person is to another."))
    async def relation_record(
        self, info: Info, given: Annotated[RelationRecordInput, INPUT]
    ) -> RelationRecordPayload | None:
        """Record a relation."""
        return await submit(
            info, RelationRecordPayload, "relationRecord", relating.relate_persons, given
        )

    @strawberry.mutation(description=needs(_WRITE, "End a relation; it stays on record."))
    async def relation_end(
        self, info: Info, given: Annotated[RelationEndInput, INPUT]
    ) -> RelationEndPayload | None:
        """End a relation."""
        return await submit(info, RelationEndPayload, "relationEnd", relating.end_relation, given)

    @strawberry.mutation(description=needs(_WRITE, "Record who may act for a person."))
    async def representative_appoint(
        self, info: Info, given: Annotated[RepresentativeAppointInput, INPUT]
    ) -> RepresentativeAppointPayload | None:
        """Record a representative."""
        return await submit(
            info, RepresentativeAppointPayload, "representativeAppoint",
            representing.appoint_representative, given,
        )  # fmt: skip

    @strawberry.mutation(description=needs(_WRITE, "End it; it stays on record."))
    async def representative_end(
        self, info: Info, given: Annotated[RepresentativeEndInput, INPUT]
    ) -> RepresentativeEndPayload | None:
        """End a representation."""
        return await submit(
            info,
            RepresentativeEndPayload,
            "representativeEnd",
            representing.end_representation,
            given,
        )
