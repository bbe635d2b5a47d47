# mypy: disable-error-code="untyped-decorator"
"""Safety plans are written and agreed; who is called for an instrument is set."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.assessments.set_safety_contact import SafetyContactDraft, set_safety_contact
from cordee_core.plans.write_safety_plan import (
    SafetyAgreement,
    SafetyPlanDraft,
    agree_safety_plan,
    write_safety_plan,
)
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.plan_enums import AgreementForm
from cordee_graphql.types.safety import SafetyContact, SafetyPlan


@strawberry.input(description="The six parts of a safety plan (Stanley and Brown 2012).")
class SafetyPlanWriteInput:
    """What helps when it gets dangerous."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    warning_signs: str = strawberry.field(description="What announces it.")
    own_coping: str = strawberry.field(description="What the person can do alone.")
    people_and_places: str = strawberry.field(
        description="People and places that take the mind off it."
    )
    contacts: str = strawberry.field(description="Who may be asked for help.")
    professionals: str = strawberry.field(description="Professionals and emergency numbers.")
    environment: str = strawberry.field(description="How the surroundings are made safe.")
    language: str = strawberry.field(
        description="ISO 639 code of the language in which it was spoken about."
    )
    trigger: str | None = strawberry.field(
        default=None, description="What makes it change; needed from the second version on."
    )

    def draft(self) -> SafetyPlanDraft:
        """Return what the use case takes."""
        return SafetyPlanDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            warning_signs=self.warning_signs, own_coping=self.own_coping,
            people_and_places=self.people_and_places, contacts=self.contacts,
            professionals=self.professionals, environment=self.environment,
            language=self.language, trigger=self.trigger,
        )  # fmt: skip


@strawberry.input(description="A safety plan that the person agreed to.")
class SafetyPlanAgreeInput:
    """The version as read, how and when."""

    safety_plan_id: strawberry.ID = strawberry.field(description="Its newest version.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")
    form: AgreementForm = strawberry.field(description="How.")
    agreed_on: date = strawberry.field(description="When; not in the future.")

    def draft(self) -> SafetyAgreement:
        """Return what the use case takes."""
        return SafetyAgreement(
            safety_plan=uuid_of(self.safety_plan_id, "SafetyPlan", "input", "safetyPlanId"),
            row_version=self.row_version, form=self.form.value, agreed_on=self.agreed_on,
        )  # fmt: skip


@strawberry.input(description="Who is called when an instrument raises a safety flag.")
class SafetyContactSetInput:
    """For which instrument, whom."""

    instrument: str = strawberry.field(
        description="Code of an instrument with safety flags, of an enabled plugin."
    )
    member_id: strawberry.ID = strawberry.field(description="Who is called.")
    note: str | None = strawberry.field(default=None, description="How they are reached.")

    def draft(self) -> SafetyContactDraft:
        """Return what the use case takes."""
        return SafetyContactDraft(
            instrument=self.instrument, note=self.note,
            member=uuid_of(self.member_id, "Member", "input", "memberId"),
        )  # fmt: skip


@strawberry.type
class SafetyPlanPayload(CasePayload):
    """Base of payloads about a safety plan."""

    @strawberry.field(description="The version of the safety plan as it is now.")
    async def safety_plan(self, info: Info) -> SafetyPlan | None:
        """Return the version."""
        return await load_node(info, SafetyPlan, self.changed.get("safety_plan"))


@strawberry.type(description="The version that was written, and its case.")
class SafetyPlanWritePayload(SafetyPlanPayload):
    """Payload of ``safetyPlanWrite``."""


@strawberry.type(description="The version that the person agreed to, and its case.")
class SafetyPlanAgreePayload(SafetyPlanPayload):
    """Payload of ``safetyPlanAgree``."""


@strawberry.type(description="Who is called from now on.")
class SafetyContactSetPayload(Payload):
    """Payload of ``safetyContactSet``."""

    @strawberry.field(description="The setting as it is now.")
    async def contact(self, info: Info) -> SafetyContact | None:
        """Return the setting."""
        return await load_node(info, SafetyContact, self.changed.get("contact"))


@strawberry.type
class SafetyMutations:
    """Mutations about safety."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Write the next version of a case's safety plan. It comes before the ordinary plan.",
        )
    )
    async def safety_plan_write(
        self, info: Info, given: Annotated[SafetyPlanWriteInput, INPUT]
    ) -> SafetyPlanWritePayload | None:
        """Write a safety plan."""
        return await submit(
            info, SafetyPlanWritePayload, "safetyPlanWrite", write_safety_plan, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE, "Record that the person agrees to the newest version."
        )
    )
    async def safety_plan_agree(
        self, info: Info, given: Annotated[SafetyPlanAgreeInput, INPUT]
    ) -> SafetyPlanAgreePayload | None:
        """Agree to a safety plan."""
        return await submit(
            info, SafetyPlanAgreePayload, "safetyPlanAgree", agree_safety_plan, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.PLUGIN_MANAGE,
            "Set who is called when an instrument raises a safety flag. Before that it can't be "
            "used in a case: `INSTRUMENT_NOT_READY`.",
        )
    )
    async def safety_contact_set(
        self, info: Info, given: Annotated[SafetyContactSetInput, INPUT]
    ) -> SafetyContactSetPayload | None:
        """Set who is called."""
        return await submit(
            info, SafetyContactSetPayload, "safetyContactSet", set_safety_contact, given
        )
