"""The step of intensity of a case is set: it decides what the case weighs in a caseload."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.programmes.tables import ModelVersion
from cordee_core.referents.designate_referent import need_open
from cordee_core.referents.tables import Intensity
from cordee_core.validation import need_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class IntensityDraft:
    """The case, the step of its model, and why."""

    case: UUID
    intensity: str
    reason: str


async def set_intensity(uow: UnitOfWork, draft: IntensityDraft) -> Changed:
    """Set the step; what it was before is kept.

    Raises:
        InvalidInputError: the case's model has no such step, or no reason is given.
        TransitionBlockedError: the case is no longer open.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_DECIDE)
    case = await find(Case, draft.case, lock=True)
    need_open(case)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    model = (await find(ModelVersion, case["model_version_id"]))["definition"]
    step = next((one for one in model["intensities"] if one["code"] == draft.intensity), None)
    if step is None:
        raise problem(
            ("input", "intensity"),
            "the model has no such step of intensity",
            "le modèle n'a pas ce palier d'intensité",
        )
    await insert(
        Intensity(
            tenant_id=scope.tenant, id=scope.new_id(), case_id=draft.case,
            intensity=draft.intensity, reason=reason, set_at=scope.clock(), set_by=scope.actor.id,
        )
    )  # fmt: skip
    params = {"intensity": step["name"], "reason": reason}
    await add_entry(scope, draft.case, "intensity_set", params=params)
    uow.touched("Case", draft.case, person=case["person_id"], fields=("intensity",))
    return {"case": draft.case}
