# mypy: disable-error-code="untyped-decorator"
"""Plans are begun, revised, agreed, waived and approved."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.plans.agree_plan import AgreementDraft, WaiverDraft, agree_plan, waive_agreement
from cordee_core.plans.approve_plan import ApprovalDraft, approve_plan
from cordee_core.plans.draft_plan import PlanDraft, Revision, draft_plan, revise_plan
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.plan_enums import AgreementForm
from cordee_graphql.types.plan import CasePlan


@strawberry.input(description="A plan that is begun.")
class PlanDraftInput:
    """The case, and whose plan."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which member of a household the plan is for."
    )
    sections: list[str] = strawberry.field(
        default_factory=list, description="Names of its sections, in their order."
    )

    def draft(self) -> PlanDraft:
        """Return what the use case takes."""
        who = self.person_id
        return PlanDraft(
            case=uuid_of(self.case_id, "Case", "input", "caseId"),
            person=None if who is None else uuid_of(who, "Person", "input", "personId"),
            sections=tuple(self.sections),
        )


@strawberry.input
class PlanInput:
    """Base of inputs about a version as read."""

    plan_id: strawberry.ID = strawberry.field(description="The version of the plan.")
    row_version: int = strawberry.field(description="Its `rowVersion` as you read it.")

    def plan(self) -> UUID:
        """Return the version's id."""
        return uuid_of(self.plan_id, "CasePlan", "input", "planId")


@strawberry.input(description="A plan that is revised.")
class PlanReviseInput(PlanInput):
    """The version as read, and its trigger."""

    trigger: str = strawberry.field(description="What makes it change, at most 2,000 characters.")

    def draft(self) -> Revision:
        """Return what the use case takes."""
        return Revision(plan=self.plan(), row_version=self.row_version, trigger=self.trigger)


@strawberry.input(description="Somebody's word on a version of a plan.")
class PlanAgreeInput(PlanInput):
    """Who agrees or dissents, and how."""

    form: AgreementForm = strawberry.field(description="How.")
    language: str = strawberry.field(
        description="ISO 639 code of the language in which the plan was spoken about."
    )
    agreed_on: date = strawberry.field(description="When; not in the future.")
    signatory: str | None = strawberry.field(
        default=None, description="Code of a signatory of the model; without it, the person."
    )
    name: str | None = strawberry.field(
        default=None, description="Who signed; needed of a representative."
    )
    agrees: bool = strawberry.field(default=True, description="False for dissent.")
    comment: str | None = strawberry.field(
        default=None, description="What they said, at most 5,000 characters."
    )
    dissent: str | None = strawberry.field(
        default=None, description="What they do not agree with; needed where they do not agree."
    )

    def draft(self) -> AgreementDraft:
        """Return what the use case takes."""
        return AgreementDraft(
            plan=self.plan(), row_version=self.row_version, form=self.form.value,
            language=self.language, agreed_on=self.agreed_on, signatory=self.signatory,
            name=self.name, agrees=self.agrees, comment=self.comment, dissent=self.dissent,
        )  # fmt: skip


@strawberry.input(description="A version that needs no agreement.")
class PlanWaiveInput(PlanInput):
    """The version as read, and why."""

    reason: str = strawberry.field(description="Why, at most 2,000 characters.")

    def draft(self) -> WaiverDraft:
        """Return what the use case takes."""
        return WaiverDraft(plan=self.plan(), row_version=self.row_version, reason=self.reason)


@strawberry.input(description="A version that is approved.")
class PlanApproveInput(PlanInput):
    """The version as read, and a word about it."""

    note: str | None = strawberry.field(default=None, description="A word about it.")

    def draft(self) -> ApprovalDraft:
        """Return what the use case takes."""
        return ApprovalDraft(plan=self.plan(), row_version=self.row_version, note=self.note)


@strawberry.type
class PlanPayload(CasePayload):
    """Base of payloads about a plan."""

    @strawberry.field(description="The version of the plan as it is now.")
    async def plan(self, info: Info) -> CasePlan | None:
        """Return the version."""
        return await load_node(info, CasePlan, self.changed.get("plan"))


@strawberry.type(description="The plan that was begun, and its case.")
class PlanDraftPayload(PlanPayload):
    """Payload of ``planDraft``."""


@strawberry.type(description="The new version, and its case.")
class PlanRevisePayload(PlanPayload):
    """Payload of ``planRevise``."""


@strawberry.type(description="The version with the agreement, and its case.")
class PlanAgreePayload(PlanPayload):
    """Payload of ``planAgree``."""


@strawberry.type(description="The version in force without agreement, and its case.")
class PlanWaivePayload(PlanPayload):
    """Payload of ``planWaive``."""


@strawberry.type(description="The approved version, and its case.")
class PlanApprovePayload(PlanPayload):
    """Payload of ``planApprove``."""


@strawberry.type
class PlanMutations:
    """Mutations of plans."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Begin the plan of an admitted case, as a draft. Where a risk is flagged, a safety "
            "plan comes first.",
        )
    )
    async def plan_draft(
        self, info: Info, given: Annotated[PlanDraftInput, INPUT]
    ) -> PlanDraftPayload | None:
        """Begin a plan."""
        return await submit(info, PlanDraftPayload, "planDraft", draft_plan, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Make a new version of a plan: goals and open actions are taken over, and it is agreed "
            "again. The version before stays in force until then.",
        )
    )
    async def plan_revise(
        self, info: Info, given: Annotated[PlanReviseInput, INPUT]
    ) -> PlanRevisePayload | None:
        """Revise a plan."""
        return await submit(info, PlanRevisePayload, "planRevise", revise_plan, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_WRITE,
            "Record that somebody agrees to a version, or does not. The person's agreement puts it "
            "in force; from the first word on, its content no longer changes.",
        )
    )
    async def plan_agree(
        self, info: Info, given: Annotated[PlanAgreeInput, INPUT]
    ) -> PlanAgreePayload | None:
        """Record an agreement."""
        return await submit(info, PlanAgreePayload, "planAgree", agree_plan, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_DECIDE,
            "Put a version in force without agreement, where the model allows that.",
        )
    )
    async def plan_waive(
        self, info: Info, given: Annotated[PlanWaiveInput, INPUT]
    ) -> PlanWaivePayload | None:
        """Waive the agreement."""
        return await submit(info, PlanWaivePayload, "planWaive", waive_agreement, given)

    @strawberry.mutation(
        description=needs(
            Permission.PLAN_APPROVE,
            "Approve a version, in a role that the model names. Its author may not, unless granted "
            "`plan.approve_own`.",
        )
    )
    async def plan_approve(
        self, info: Info, given: Annotated[PlanApproveInput, INPUT]
    ) -> PlanApprovePayload | None:
        """Approve a version."""
        return await submit(info, PlanApprovePayload, "planApprove", approve_plan, given)
