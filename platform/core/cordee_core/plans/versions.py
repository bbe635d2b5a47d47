"""What every act on a plan needs: the version, its case, its history, the model and programme."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.cases.tables import Case
from cordee_core.database.rows import Found, find
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.obligations.open_cases import blocked, need_open
from cordee_core.plans.model import History, PlanStepError, Version, changed
from cordee_core.plans.queries import versions_of
from cordee_core.plans.tables import CasePlan
from cordee_core.programmes.definition import ProgrammeDefinition, parse_draft
from cordee_core.programmes.model import ModelTemplate, parse_model
from cordee_core.programmes.tables import ModelVersion, ProgrammeVersion


@dataclass(frozen=True, slots=True)
class Opened:
    """A version of a plan as it stands, its case's row locked: acts on one plan take turns."""

    row: Found
    case: Found
    history: History
    ids: dict[int, UUID]


async def open_version(uow: UnitOfWork, plan: UUID) -> Opened:
    """Return the version for an act on it.

    Raises:
        TransitionBlockedError: the case has ended.
        NotFoundError: there is no such version.
    """
    known = await find(CasePlan, plan)
    case = need_open(await find(Case, known["case_id"], lock=True))
    history, ids = await history_of(uow, case, known["person_id"])
    return Opened(await find(CasePlan, plan, lock=True), case, history, ids)


async def history_of(
    uow: UnitOfWork, case: Found, person: UUID | None
) -> tuple[History, dict[int, UUID]]:
    """Return the versions of a person's plan in a case, and the id of each by number."""
    rows = await versions_of(uow.scope.tenant, case["id"], person)
    history = tuple(Version(row["version"], row["status"], row["touched"]) for row in rows)
    return history, {row["version"]: row["id"] for row in rows}


async def open_draft(uow: UnitOfWork, plan: UUID) -> Opened:
    """Return a version whose content may change. Raises TransitionBlockedError if it is frozen."""
    opened = await open_version(uow, plan)
    try:
        changed(opened.history, opened.row["version"])
    except PlanStepError as error:
        raise blocked(str(error), "input", "planId") from error
    return opened


async def model_of(case: Found) -> ModelTemplate:
    """Return the version of the model that the case keeps."""
    return parse_model((await find(ModelVersion, case["model_version_id"]))["definition"])


async def programme_of(case: Found) -> ProgrammeDefinition:
    """Return the version of the programme that the case keeps."""
    return parse_draft((await find(ProgrammeVersion, case["programme_version_id"]))["definition"])
