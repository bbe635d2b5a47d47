"""Whoever works with a method or an instrument has the training it asks for, or says why not."""

from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, insert
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.errors import TrainingMissingError
from cordee_core.languages import LANGUAGES, say
from cordee_core.members.training import Subject, lacking
from cordee_core.referents.tables import Override


async def need_training(
    uow: UnitOfWork, case: Found, subject: Subject, override: str | None, *path: str | int
) -> None:
    """Return if the acting member is trained for `subject`, or an override is kept.

    Raises:
        TrainingMissingError: a training is missing, and no reason is given.
    """
    scope, actor = uow.scope, uow.scope.actor
    missing = (await lacking([subject], [actor.id], scope.clock().date()))[actor.id]
    if not missing:
        return
    trainings = ", ".join(missing)
    if override is None:
        raise TrainingMissingError(path=path, member=actor.display_name, trainings=trainings)
    await insert(
        Override(
            tenant_id=scope.tenant, id=scope.new_id(), case_id=case["id"], member_id=actor.id,
            kind="training", subject=f"{subject[1]}: {trainings}", reason=override,
            overridden_at=scope.clock(), overridden_by=actor.id,
        )
    )  # fmt: skip
    untrained = {one: say("staff", "untrained", one, trainings=trainings) for one in LANGUAGES}
    params = {"member": actor.display_name, "subject": untrained, "reason": override}
    await add_entry(scope, case["id"], "training_overridden", params=params)
