# mypy: disable-error-code="untyped-decorator"
"""Persons are protected; members are granted access to them."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.people.protect_person import (
    AccessDraft,
    AccessEnd,
    ProtectDraft,
    end_access,
    grant_access,
    protect_person,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.people import PersonPayload
from cordee_graphql.types.person_enums import DisclosureLevel, Protection


@strawberry.input(description="How a person is protected from now on.")
class PersonProtectInput:
    """A protection."""

    person_id: strawberry.ID = strawberry.field(description="The person.")
    row_version: int = strawberry.field(description="The person's `rowVersion` as you read it.")
    protection: Protection = strawberry.field(description="How; `NONE` ends it.")
    reason: str = strawberry.field(description="Why.")
    disclosure: DisclosureLevel = strawberry.field(
        default=DisclosureLevel.NONE,
        description="How much every member is still shown; `NONE` hides that the person exists.",
    )

    def draft(self) -> ProtectDraft:
        """Return what the use case takes."""
        return ProtectDraft(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            row_version=self.row_version, protection=self.protection.value, reason=self.reason,
            disclosure=self.disclosure.value,
        )  # fmt: skip


@strawberry.input(description="A member who is given access to a protected person.")
class PersonAccessGrantInput:
    """An access."""

    person_id: strawberry.ID = strawberry.field(description="The person.")
    member_id: strawberry.ID = strawberry.field(description="The member.")
    reason: str = strawberry.field(description="Why the member needs it.")
    level: DisclosureLevel = strawberry.field(
        default=DisclosureLevel.FULL, description="How much the member is shown."
    )

    def draft(self) -> AccessDraft:
        """Return what the use case takes."""
        return AccessDraft(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
            reason=self.reason, level=self.level.value,
        )  # fmt: skip


@strawberry.input(description="A member whose granted access to a protected person ends.")
class PersonAccessEndInput:
    """The end of an access."""

    person_id: strawberry.ID = strawberry.field(description="The person.")
    member_id: strawberry.ID = strawberry.field(description="The member.")
    reason: str = strawberry.field(description="Why it ends.")

    def draft(self) -> AccessEnd:
        """Return what the use case takes."""
        return AccessEnd(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            member=uuid_of(self.member_id, "Member", "input", "memberId"), reason=self.reason,
        )  # fmt: skip


@strawberry.type(description="The person as they are protected now.")
class PersonProtectPayload(PersonPayload):
    """Payload of ``personProtect``."""


@strawberry.type(description="The person with the access.")
class PersonAccessGrantPayload(PersonPayload):
    """Payload of ``personAccessGrant``."""


@strawberry.type(description="The person without the access.")
class PersonAccessEndPayload(PersonPayload):
    """Payload of ``personAccessEnd``."""


@strawberry.type
class PersonProtectionMutations:
    """Mutations of who may know of a person."""

    @strawberry.mutation(
        description=needs(
            Permission.PERSON_PROTECT,
            "Protect a person: absent from search and lists, known to you, their referents and "
            "whom you grant access.",
        )
    )
    async def person_protect(
        self, info: Info, given: Annotated[PersonProtectInput, INPUT]
    ) -> PersonProtectPayload | None:
        """Protect a person."""
        return await submit(info, PersonProtectPayload, "personProtect", protect_person, given)

    @strawberry.mutation(
        description=needs(
            Permission.PERSON_PROTECT, "Give a member access to a protected person, and say why."
        )
    )
    async def person_access_grant(
        self, info: Info, given: Annotated[PersonAccessGrantInput, INPUT]
    ) -> PersonAccessGrantPayload | None:
        """Grant access."""
        return await submit(
            info, PersonAccessGrantPayload, "personAccessGrant", grant_access, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.PERSON_PROTECT, "End a granted access to a protected person, and say why."
        )
    )
    async def person_access_end(
        self, info: Info, given: Annotated[PersonAccessEndInput, INPUT]
    ) -> PersonAccessEndPayload | None:
        """End access."""
        return await submit(info, PersonAccessEndPayload, "personAccessEnd", end_access, given)
