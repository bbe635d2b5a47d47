"""A version of a plan is agreed by the person and by whoever else the model asks, or waived."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import change, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import InvalidInputError, StaleObjectError
from cordee_core.languages import LANGUAGES, catalogue, say
from cordee_core.obligations.open_cases import blocked
from cordee_core.plans.model import PERSON, WAIVABLE, History, PlanStepError, settled, touched
from cordee_core.plans.queries import goals_of, open_actions
from cordee_core.plans.settle_action import close_action
from cordee_core.plans.tables import CasePlan, PlanAgreement
from cordee_core.plans.versions import Opened, model_of, open_version
from cordee_core.validation import (
    EMPTY,
    maybe_text,
    need_language,
    need_one_of,
    need_past,
    need_text,
)

FORMS = ("signed", "recorded", "representative")


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementDraft:
    """Who agrees or dissents, how, in which language, and what they said.

    `signatory` is None for the person, else a code that the model names.
    """

    plan: UUID
    row_version: int
    form: str
    language: str
    agreed_on: date
    signatory: str | None = None
    name: str | None = None
    agrees: bool = True
    comment: str | None = None
    dissent: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WaiverDraft:
    """The version as it was read, and why no agreement is asked."""

    plan: UUID
    row_version: int
    reason: str


async def agree_plan(uow: UnitOfWork, draft: AgreementDraft) -> Changed:
    """Record the agreement or the dissent; the person's agreement puts the version in force.

    Of a version that was replaced nothing changes any more. The version in force before is
    replaced, and its open actions are cancelled: they stand in the new one.

    Raises:
        TransitionBlockedError: the version is replaced, or has no goal to agree to.
        InvalidInputError: the model names no such signatory, a representative no name, or who does
            not agree no dissent.
        StaleObjectError: the version changed since it was read.
        NotFoundError: there is no such version.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    opened = await open_version(uow, draft.plan)
    if not await goals_of(draft.plan):
        raise blocked("plan_empty", "input", "planId")
    row = await _agreement(uow, opened, draft)
    history = _stepped(opened, touched(opened.history, opened.row["version"]))
    await insert(row)
    values: dict[str, object] = {}
    if row.signatory == PERSON and draft.agrees and opened.row["status"] == "draft":
        values = {"status": "agreed", "agreed_at": scope.clock()}
        await _replace_former(uow, opened, history, "agreed")
    await change(CasePlan, draft.plan, draft.row_version, values)
    kind = "plan_agreed" if draft.agrees else "plan_dissent"
    signatory = await _signatory_name(opened, row.signatory)
    params = {"version": opened.row["version"], "who": signatory, "words": row.dissent or ""}
    await add_entry(scope, opened.case["id"], kind, params=params)
    uow.touched("CasePlan", draft.plan, person=opened.row["person_id"], fields=("agreement",))
    if values:
        uow.emit("cordee_plan_agreed", case=opened.case["id"], plan=draft.plan)
    return {"plan": draft.plan, "case": opened.case["id"]}


async def waive_agreement(uow: UnitOfWork, draft: WaiverDraft) -> Changed:
    """Put the version in force without agreement, where the model allows that, with the reason.

    Raises:
        TransitionBlockedError: the model allows no waiver, or the version is no draft.
        InvalidInputError: no reason is given.
        StaleObjectError: the version changed since it was read.
        NotFoundError: there is no such version.
    """
    scope = uow.scope
    scope.require(Permission.CASE_DECIDE)
    opened = await open_version(uow, draft.plan)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    if WAIVABLE not in (await model_of(opened.case)).waivable:
        raise blocked("waiver_not_allowed", "input", "planId")
    await _replace_former(uow, opened, opened.history, "waived")
    values = {
        "status": "waived", "waived_at": scope.clock(), "waived_by": scope.actor.id,
        "waiver_reason": reason,
    }  # fmt: skip
    await change(CasePlan, draft.plan, draft.row_version, values)
    params = {"version": opened.row["version"], "reason": reason}
    await add_entry(scope, opened.case["id"], "plan_waived", params=params)
    uow.touched("CasePlan", draft.plan, person=opened.row["person_id"], fields=values)
    return {"plan": draft.plan, "case": opened.case["id"]}


def _stepped(opened: Opened, history: History) -> History:
    if any(one.status == "replaced" and one.number == opened.row["version"] for one in history):
        raise blocked("plan_frozen", "input", "planId")
    return history


async def _agreement(uow: UnitOfWork, opened: Opened, draft: AgreementDraft) -> PlanAgreement:
    scope = uow.scope
    if opened.row["row_version"] != draft.row_version:
        raise StaleObjectError(path=("input", "rowVersion"))
    codes = [one.code for one in (await model_of(opened.case)).signatories]
    form = need_one_of(draft.form, FORMS, "input", "form")
    dissent = maybe_text(draft.dissent, "input", "dissent", longest=5000)
    if dissent is None and not draft.agrees:
        raise InvalidInputError(path=("input", "dissent"), problem=EMPTY)
    named = need_text if form == "representative" else maybe_text
    return PlanAgreement(
        tenant_id=scope.tenant, id=scope.new_id(), plan_id=draft.plan, case_id=opened.case["id"],
        signatory=need_one_of(draft.signatory or PERSON, [PERSON, *codes], "input", "signatory"),
        form=form, agrees=draft.agrees, name=named(draft.name, "input", "name"),
        language=need_language(draft.language, "input", "language"),
        agreed_on=need_past(draft.agreed_on, scope.clock().date(), "input", "agreedOn"),
        comment=maybe_text(draft.comment, "input", "comment", longest=5000), dissent=dissent,
        recorded_at=scope.clock(), recorded_by=scope.actor.id,
    )  # fmt: skip


async def _replace_former(uow: UnitOfWork, opened: Opened, history: History, status: str) -> None:
    """Replace what was in force. Raises TransitionBlockedError where the version is no draft."""
    number = opened.row["version"]
    try:
        after = settled(history, number, status)
    except PlanStepError as error:
        raise blocked(str(error), "input", "planId") from error
    before = {one.number: one.status for one in history}
    for one in after:
        if one.number != number and one.status != before[one.number]:
            former = opened.ids[one.number]
            await CasePlan.update({CasePlan.status: one.status}).where(CasePlan.id == former)
            reason: dict[str, str] = {
                language: say("words", "replaced_by_version", language, version=number)
                for language in LANGUAGES
            }
            for action in await open_actions(plan=former):
                await close_action(uow, action, "cancelled", reason)


async def _signatory_name(opened: Opened, signatory: str) -> dict[str, str]:
    if signatory == PERSON:
        return dict(catalogue("words")["the_person"])
    signatories = (await model_of(opened.case)).signatories
    return dict(next(one.name for one in signatories if one.code == signatory))
