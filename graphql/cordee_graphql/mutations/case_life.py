# mypy: disable-error-code="untyped-decorator"
"""Cases are put on hold, resumed, reopened, closed, merged; many at once in an interruption."""

from datetime import date
from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.close_case import CloseDraft, close_case
from cordee_core.cases.interrupt_cases import InterruptDraft, interrupt_cases
from cordee_core.cases.merge_cases import MergeDraft, merge_cases
from cordee_core.cases.move_case import ReasonDraft, hold_case, reopen_case, resume_case
from cordee_graphql.context import Info
from cordee_graphql.enums import Stage
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.mutations.cases import CasePayload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.case import Case
from cordee_graphql.types.case_life import Interruption

_READ = "The case's `rowVersion` as you read it."
_WHY = "Why; at most 2,000 characters."
_CASE = ("input", "caseId")


@strawberry.input(description="A case that is put on hold.")
class CaseHoldInput:
    """The case as read, and why."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    row_version: int = strawberry.field(description=_READ)
    reason: str = strawberry.field(description=_WHY)

    def draft(self) -> ReasonDraft:
        """Return what the use case takes."""
        case = uuid_of(self.case_id, "Case", *_CASE)
        return ReasonDraft(case=case, row_version=self.row_version, reason=self.reason)


@strawberry.input(description="A case on hold that goes on.")
class CaseResumeInput:
    """The case as read, and why."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    row_version: int = strawberry.field(description=_READ)
    reason: str | None = strawberry.field(default=None, description=_WHY)

    def draft(self) -> ReasonDraft:
        """Return what the use case takes."""
        case = uuid_of(self.case_id, "Case", *_CASE)
        return ReasonDraft(case=case, row_version=self.row_version, reason=self.reason)


@strawberry.input(description="A closed case that is taken up again.")
class CaseReopenInput(CaseHoldInput):
    """The case as read, and why."""


@strawberry.input(description="A case that ends.")
class CaseCloseInput:
    """The case as read, the reason, the dates."""

    case_id: strawberry.ID = strawberry.field(description="The case.")
    row_version: int = strawberry.field(description=_READ)
    reason: str = strawberry.field(
        description="Code of a reason in the closure vocabulary of the case's programme."
    )
    after_care_on: date = strawberry.field(
        description="When the person is asked again how they are; not in the past."
    )
    retain_until: date = strawberry.field(
        description="Until when the record is kept; not before `afterCareOn`."
    )
    note: str | None = strawberry.field(
        default=None, description="More about it, at most 5,000 characters."
    )

    def draft(self) -> CloseDraft:
        """Return what the use case takes."""
        return CloseDraft(
            case=uuid_of(self.case_id, "Case", *_CASE),
            row_version=self.row_version,
            reason=self.reason,
            after_care_on=self.after_care_on,
            retain_until=self.retain_until,
            note=self.note,
        )


@strawberry.input(description="A case that goes on in another one.")
class CaseMergeInput:
    """The case that ends, as read, and the one that goes on."""

    case_id: strawberry.ID = strawberry.field(description="The case that ends.")
    row_version: int = strawberry.field(description=_READ)
    into_id: strawberry.ID = strawberry.field(
        description="The case that goes on: open, and of the same person."
    )
    reason: str = strawberry.field(description=_WHY)

    def draft(self) -> MergeDraft:
        """Return what the use case takes."""
        return MergeDraft(
            case=uuid_of(self.case_id, "Case", *_CASE),
            row_version=self.row_version,
            into=uuid_of(self.into_id, "Case", "input", "intoId"),
            reason=self.reason,
        )


@strawberry.input(description="An act on many cases.")
class CasesInterruptInput:
    """The cases, where they go, and why."""

    case_ids: list[strawberry.ID] = strawberry.field(description="Between 1 and 500 cases.")
    reason: str = strawberry.field(description=_WHY)
    stage: Stage = strawberry.field(
        default=Stage.ON_HOLD, description="Where they go, if they do not resume."
    )
    resume: bool = strawberry.field(
        default=False, description="Whether each returns to the stage that it came from."
    )

    def draft(self) -> InterruptDraft:
        """Return what the use case takes."""
        cases = tuple(
            uuid_of(one, "Case", "input", "caseIds", place)
            for place, one in enumerate(self.case_ids)
        )
        return InterruptDraft(
            cases=cases, reason=self.reason, stage=self.stage.value, resume=self.resume
        )


@strawberry.type(description="The case on hold.")
class CaseHoldPayload(CasePayload):
    """Payload of ``caseHold``."""


@strawberry.type(description="The case, back where it came from.")
class CaseResumePayload(CasePayload):
    """Payload of ``caseResume``."""


@strawberry.type(description="The case, taken up again.")
class CaseReopenPayload(CasePayload):
    """Payload of ``caseReopen``."""


@strawberry.type(description="The closed case.")
class CaseClosePayload(CasePayload):
    """Payload of ``caseClose``."""


@strawberry.type(description="Both cases.")
class CaseMergePayload(CasePayload):
    """Payload of ``caseMerge``."""

    @strawberry.field(description="The case that goes on.")
    async def into(self, info: Info) -> Case | None:
        """Return the case that goes on."""
        return await load_node(info, Case, self.changed.get("into"))


@strawberry.type(description="The act, with the cases that it did not reach.")
class CasesInterruptPayload(Payload):
    """Payload of ``casesInterrupt``."""

    @strawberry.field(description="The act.")
    async def interruption(self, info: Info) -> Interruption | None:
        """Return the act."""
        return await load_node(info, Interruption, self.changed.get("interruption"))


@strawberry.type
class CaseLifeMutations:
    """Mutations of the life of cases."""

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE,
            "Put a case on hold. It keeps its referent and remembers the stage that it came from.",
        )
    )
    async def case_hold(
        self, info: Info, given: Annotated[CaseHoldInput, INPUT]
    ) -> CaseHoldPayload | None:
        """Put a case on hold."""
        return await submit(info, CaseHoldPayload, "caseHold", hold_case, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE, "Have a case on hold return to the stage that it came from."
        )
    )
    async def case_resume(
        self, info: Info, given: Annotated[CaseResumeInput, INPUT]
    ) -> CaseResumePayload | None:
        """Resume a case."""
        return await submit(info, CaseResumePayload, "caseResume", resume_case, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE,
            "Take a closed case up again. Its history stays; before anything is done, a referent is"
            " designated and consent is asked again.",
        )
    )
    async def case_reopen(
        self, info: Info, given: Annotated[CaseReopenInput, INPUT]
    ) -> CaseReopenPayload | None:
        """Reopen a case."""
        return await submit(info, CaseReopenPayload, "caseReopen", reopen_case, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE,
            "Close a case after its evaluation. Open actions and obligations are cancelled, the"
            " circle's access and the referent's designation end in the same transaction.",
        )
    )
    async def case_close(
        self, info: Info, given: Annotated[CaseCloseInput, INPUT]
    ) -> CaseClosePayload | None:
        """Close a case."""
        return await submit(info, CaseClosePayload, "caseClose", close_case, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_MOVE,
            "Merge a case into another one of the same person. What is open moves; the rest stays"
            " readable under the former number.",
        )
    )
    async def case_merge(
        self, info: Info, given: Annotated[CaseMergeInput, INPUT]
    ) -> CaseMergePayload | None:
        """Merge two cases."""
        return await submit(info, CaseMergePayload, "caseMerge", merge_cases, given)

    @strawberry.mutation(
        description=needs(
            Permission.CASE_ASSIGN,
            "Put many cases on hold, move them or have them resume: one act with its reason. Cases"
            " that something stands against stay where they are and are listed in it.",
        )
    )
    async def cases_interrupt(
        self, info: Info, given: Annotated[CasesInterruptInput, INPUT]
    ) -> CasesInterruptPayload | None:
        """Interrupt cases."""
        return await submit(info, CasesInterruptPayload, "casesInterrupt", interrupt_cases, given)
