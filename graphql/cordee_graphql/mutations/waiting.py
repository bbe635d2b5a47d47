# mypy: disable-error-code="untyped-decorator"
"""Waiting lists: priorities, admission in the order of the queue, and who leaves it."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.selection.onward import Onward
from cordee_core.selection.waiting import (
    AdmitDraft,
    PriorityDraft,
    RemoveDraft,
    admit_next,
    remove_waiting,
    set_priority,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, json_object, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.waiting import WaitingEntry

_ENTRY = ("input", "waitingEntryId")
_READ = "The entry's `rowVersion` as you read it."


@strawberry.input(description="A new priority of a case that waits.")
class WaitingPrioritySetInput:
    """The entry as read, its priority, and what it rests on."""

    waiting_entry_id: strawberry.ID = strawberry.field(description="The waiting entry.")
    row_version: int = strawberry.field(description=_READ)
    priority: int = strawberry.field(description="0 to 1000: the higher the sooner.")
    reason: str = strawberry.field(description="Why.")
    inputs: JSON | None = strawberry.field(
        default=None, description="An object: what the priority rests on, kept with the change."
    )

    def draft(self) -> PriorityDraft:
        """Return what the use case takes."""
        return PriorityDraft(
            entry=uuid_of(self.waiting_entry_id, "WaitingEntry", *_ENTRY),
            row_version=self.row_version,
            priority=self.priority,
            reason=self.reason,
            inputs=json_object({} if self.inputs is None else self.inputs, "input", "inputs"),
        )


@strawberry.input(description="A case that takes a free place.")
class WaitingAdmitInput:
    """The entry as read."""

    waiting_entry_id: strawberry.ID = strawberry.field(description="The waiting entry.")
    row_version: int = strawberry.field(description=_READ)
    reason: str | None = strawberry.field(
        default=None, description="Why; needed where another case comes first."
    )

    def draft(self) -> AdmitDraft:
        """Return what the use case takes."""
        return AdmitDraft(
            entry=uuid_of(self.waiting_entry_id, "WaitingEntry", *_ENTRY),
            row_version=self.row_version,
            reason=self.reason,
        )


@strawberry.input(description="A case that leaves the waiting list without a place.")
class WaitingRemoveInput:
    """The entry as read, and what a refusal asks for."""

    waiting_entry_id: strawberry.ID = strawberry.field(description="The waiting entry.")
    row_version: int = strawberry.field(description=_READ)
    reason: str = strawberry.field(description="Why.")
    appeal_route: str = strawberry.field(description="How the person can contest it.")
    onward_referral: str | None = strawberry.field(
        default=None, description="Where the person goes instead."
    )
    no_onward_referral: bool = strawberry.field(
        default=False, description="Say that there is nowhere to refer the person to."
    )

    def draft(self) -> RemoveDraft:
        """Return what the use case takes."""
        return RemoveDraft(
            entry=uuid_of(self.waiting_entry_id, "WaitingEntry", *_ENTRY),
            row_version=self.row_version,
            reason=self.reason,
            onward=Onward(
                appeal_route=self.appeal_route,
                onward_referral=self.onward_referral,
                none=self.no_onward_referral,
            ),
        )


@strawberry.type
class WaitingPayload(CasePayload):
    """Base of payloads about a waiting entry."""

    @strawberry.field(description="The waiting entry.")
    async def waiting_entry(self, info: Info) -> WaitingEntry | None:
        """Return the entry."""
        return await load_node(info, WaitingEntry, self.changed.get("waiting_entry"))


@strawberry.type(description="The entry with its new priority.")
class WaitingPrioritySetPayload(WaitingPayload):
    """Payload of ``waitingPrioritySet``."""


@strawberry.type(description="The entry and the case that has a place now.")
class WaitingAdmitPayload(WaitingPayload):
    """Payload of ``waitingAdmit``."""


@strawberry.type(description="The entry and the case that no longer waits.")
class WaitingRemovePayload(WaitingPayload):
    """Payload of ``waitingRemove``."""


@strawberry.type
class WaitingMutations:
    """Mutations of waiting lists."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_DECIDE,
            "Change the priority of a case that waits; the change is kept with its inputs.",
        )
    )
    async def waiting_priority_set(
        self, info: Info, given: Annotated[WaitingPrioritySetInput, INPUT]
    ) -> WaitingPrioritySetPayload | None:
        """Set the priority."""
        return await submit(
            info, WaitingPrioritySetPayload, "waitingPrioritySet", set_priority, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_DECIDE,
            "Give a free place to the next case of the waiting list, or to another with a reason. "
            "Where no place is free: `TRANSITION_BLOCKED`.",
        )
    )
    async def waiting_admit(
        self, info: Info, given: Annotated[WaitingAdmitInput, INPUT]
    ) -> WaitingAdmitPayload | None:
        """Admit from the waiting list."""
        return await submit(info, WaitingAdmitPayload, "waitingAdmit", admit_next, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_DECIDE,
            "Take a case off the waiting list, with the appeal route and onward referral that a "
            "refusal asks for; the case may go to `REFUSED` then.",
        )
    )
    async def waiting_remove(
        self, info: Info, given: Annotated[WaitingRemoveInput, INPUT]
    ) -> WaitingRemovePayload | None:
        """Take off the waiting list."""
        return await submit(info, WaitingRemovePayload, "waitingRemove", remove_waiting, given)
