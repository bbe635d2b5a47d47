"""Ethics consultation: a question to advisers who are not told of whom, advice, a decision.

No person is stored; the case is known to nobody but the one who asked.
"""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, MemberLeftError, NotFoundError
from cordee_core.members.give_roles import held_by
from cordee_core.members.tables import Member
from cordee_core.supervision.queries import advice_asked
from cordee_core.supervision.tables import EthicsAdvice, EthicsConsultation
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionDraft:
    """The question in words that name nobody, the advisers, the case it arose in."""

    question: str
    advisers: tuple[UUID, ...]
    case: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AdviceDraft:
    """What an adviser answers."""

    consultation: UUID
    advice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionDraft:
    """What the one who asked decided."""

    consultation: UUID
    row_version: int
    decision: str


async def ask_ethics(uow: UnitOfWork, draft: QuestionDraft) -> Changed:
    """Put the question.

    Raises:
        InvalidInputError: there is no adviser, or one of them can't advise.
        MemberLeftError: an adviser has left.
        NotFoundError: case or adviser is not one of the tenant's.
    """
    scope = uow.scope
    scope.require(Permission.ETHICS_CONSULT)
    question = need_text(draft.question, "input", "question", longest=5000)
    if draft.case is not None:
        scope.require(Permission.CASE_READ)
        await find(Case, draft.case)
    if not draft.advisers:
        raise problem(("input", "adviserIds"), "at least one adviser", "au moins un conseiller")
    for place, adviser in enumerate(draft.advisers):
        await _may_advise(uow, adviser, "input", "adviserIds", place)
    consultation = scope.new_id()
    await insert(
        EthicsConsultation(
            tenant_id=scope.tenant, id=consultation, case_id=draft.case, asked_by=scope.actor.id,
            question=question, asked_at=scope.clock(),
        )
    )  # fmt: skip
    for adviser in dict.fromkeys(draft.advisers):
        await insert(
            EthicsAdvice(
                tenant_id=scope.tenant, id=scope.new_id(), consultation_id=consultation,
                member_id=adviser,
            )
        )  # fmt: skip
    uow.touched("EthicsConsultation", consultation)
    return {"consultation": consultation}


async def _may_advise(uow: UnitOfWork, adviser: UUID, *path: str | int) -> None:
    member = await find(Member, adviser)
    if member["status"] != "active":
        raise MemberLeftError(path=path, member=member["display_name"])
    held = (await held_by([member]))[adviser]
    if adviser == uow.scope.actor.id or Permission.ETHICS_CONSULT not in held:
        raise problem(path, "this member can't advise", "ce membre ne peut pas conseiller")


async def advise_ethics(uow: UnitOfWork, draft: AdviceDraft) -> Changed:
    """Keep the advice, once.

    Raises:
        NotFoundError: the member is no adviser of such a consultation.
        AlreadyDecidedError: advice was given, or it is decided.
    """
    scope, path = uow.scope, ("input", "consultationId")
    scope.require(Permission.ETHICS_CONSULT)
    row = await advice_asked(draft.consultation, scope.actor.id)
    if row is None:
        raise NotFoundError(path=path, identifier=draft.consultation)
    consultation = await find(EthicsConsultation, draft.consultation)
    if row["advice"] is not None or consultation["decision"] is not None:
        raise AlreadyDecidedError(path=path)
    advice = need_text(draft.advice, "input", "advice", longest=5000)
    await EthicsAdvice.update(
        {EthicsAdvice.advice: advice, EthicsAdvice.advised_at: scope.clock()}
    ).where(EthicsAdvice.id == row["id"])
    uow.touched("EthicsConsultation", draft.consultation, fields=("advice",))
    return {"consultation": draft.consultation}


async def decide_ethics(uow: UnitOfWork, draft: DecisionDraft) -> Changed:
    """Keep what the one who asked decided, once.

    Raises:
        NotFoundError: somebody else asked, or nobody did.
        AlreadyDecidedError: it is decided.
        StaleObjectError: it changed since it was read.
    """
    scope, path = uow.scope, ("input", "consultationId")
    scope.require(Permission.ETHICS_CONSULT)
    row = await find(EthicsConsultation, draft.consultation, lock=True)
    if row["asked_by"] != scope.actor.id:
        raise NotFoundError(path=path, identifier=draft.consultation)
    if row["decision"] is not None:
        raise AlreadyDecidedError(path=path)
    decision = need_text(draft.decision, "input", "decision", longest=5000)
    values = {"decision": decision, "decided_at": scope.clock()}
    await change(EthicsConsultation, draft.consultation, draft.row_version, values)
    uow.touched("EthicsConsultation", draft.consultation, fields=("decision",))
    return {"consultation": draft.consultation}
