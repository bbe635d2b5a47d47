"""A safety plan is written in versions and agreed with the person.

Its parts are those of the Safety Planning Intervention (Stanley and Brown 2012): warning signs, own
coping, people and places that distract, contacts who help, professionals, a safer environment.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, InvalidInputError
from cordee_core.obligations.open_cases import blocked, need_open
from cordee_core.plans.queries import last_safety_version
from cordee_core.plans.tables import SafetyPlan
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
class SafetyPlanDraft:
    """The six parts; a further version says what made it change."""

    case: UUID
    warning_signs: str
    own_coping: str
    people_and_places: str
    contacts: str
    professionals: str
    environment: str
    language: str
    trigger: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SafetyAgreement:
    """The version as it was read, how the person agreed and when."""

    safety_plan: UUID
    row_version: int
    form: str
    agreed_on: date


async def write_safety_plan(uow: UnitOfWork, draft: SafetyPlanDraft) -> Changed:
    """Write the next version of the case's safety plan; versions before stay.

    Raises:
        InvalidInputError: a part is empty, or a further version has no trigger.
        TransitionBlockedError: the case has ended.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = need_open(await find(Case, draft.case, lock=True))
    version = await last_safety_version(scope.tenant, draft.case) + 1
    trigger = maybe_text(draft.trigger, "input", "trigger", longest=2000)
    if version > 1 and trigger is None:
        raise InvalidInputError(path=("input", "trigger"), problem=EMPTY)
    plan = scope.new_id()
    parts: dict[str, Any] = {
        name: need_text(getattr(draft, name), "input", field, longest=5000)
        for name, field in PARTS.items()
    }
    await insert(
        SafetyPlan(
            tenant_id=scope.tenant, id=plan, case_id=draft.case, version=version,
            revision_trigger=trigger if version > 1 else None,
            language=need_language(draft.language, "input", "language"),
            written_at=scope.clock(), author_id=scope.actor.id,
            **parts,
        )
    )  # fmt: skip
    await add_entry(scope, draft.case, "safety_plan_written", params={"version": version})
    uow.touched("SafetyPlan", plan, person=case["person_id"])
    return {"safety_plan": plan, "case": draft.case}


PARTS = {
    "warning_signs": "warningSigns",
    "own_coping": "ownCoping",
    "people_and_places": "peopleAndPlaces",
    "contacts": "contacts",
    "professionals": "professionals",
    "environment": "environment",
}
"""The parts, with the names that the API gives them."""


async def agree_safety_plan(uow: UnitOfWork, draft: SafetyAgreement) -> Changed:
    """Record that the person agrees to the newest version.

    Raises:
        AlreadyDecidedError: it is agreed.
        TransitionBlockedError: a later version stands, or the case has ended.
        InvalidInputError: a value is malformed or lies in the future.
        StaleObjectError: it changed since it was read.
        NotFoundError: there is no such version.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    row = await find(SafetyPlan, draft.safety_plan)
    case = need_open(await find(Case, row["case_id"], lock=True))
    if row["agreed_on"] is not None:
        raise AlreadyDecidedError(path=("input", "safetyPlanId"))
    if row["version"] != await last_safety_version(scope.tenant, case["id"]):
        raise blocked("plan_frozen", "input", "safetyPlanId")
    values = {
        "agreed_on": need_past(draft.agreed_on, scope.clock().date(), "input", "agreedOn"),
        "agreement_form": need_one_of(draft.form, FORMS, "input", "form"),
        "agreement_recorded_by": scope.actor.id,
    }
    await change(SafetyPlan, draft.safety_plan, draft.row_version, values)
    params = {"version": row["version"]}
    await add_entry(scope, case["id"], "safety_plan_agreed", params=params)
    uow.touched("SafetyPlan", draft.safety_plan, person=case["person_id"], fields=values)
    return {"safety_plan": draft.safety_plan, "case": case["id"]}
