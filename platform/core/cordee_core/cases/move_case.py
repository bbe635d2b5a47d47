"""A case changes its stage when nothing stands against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.cases.guards import objection, objections_to, offered
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.cases.view import view_of
from cordee_core.contracts import Objection
from cordee_core.database.rows import change, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import TransitionBlockedError
from cordee_core.languages import LANGUAGES, catalogue, pick
from cordee_core.programmes.tables import ModelVersion
from cordee_core.tallies.queries import count_on
from cordee_core.tenants.queries import slug_of


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveDraft:
    """The case as it was read, and the stage it goes to."""

    case: UUID
    row_version: int
    target: str


async def move_case(uow: UnitOfWork, draft: MoveDraft) -> Changed:
    """Move the case to the stage.

    Raises:
        TransitionBlockedError: something stands against it; all objections are listed.
        StaleObjectError: the case changed since it was read.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_MOVE)
    case = await find(Case, draft.case, lock=True)
    objections = (await transitions(scope, case, [draft.target]))[draft.target]
    if objections:
        raise TransitionBlockedError(
            path=("input", "stage"),
            codes=[one.code for one in objections],
            objections={
                lang: "; ".join(pick(one.text, lang) for one in objections) for lang in LANGUAGES
            },
        )
    await change(Case, draft.case, draft.row_version, {"stage": draft.target})
    await count_on(scope.tenant, _tally(case, draft.target))
    words = catalogue("words")
    params = {
        "from_stage": words[f"stage_{case['stage']}"],
        "to_stage": words[f"stage_{draft.target}"],
    }
    await add_entry(scope, draft.case, "stage_changed", params=params)
    uow.touched("Case", draft.case, person=case["person_id"], fields=("stage",))
    return {"case": draft.case}


def _tally(case: Mapping[str, Any], target: str) -> dict[tuple[str, str], int]:
    """Return what the move changes of the dashboard's counts."""
    change = {("case_stage", case["stage"]): -1, ("case_stage", target): 1}
    if target == "refused" and case["referent_id"] is not None:
        change["case_referent", str(case["referent_id"])] = -1
    return change


async def transitions(
    scope: Scope, case: Mapping[str, Any], targets: list[str] | None = None
) -> dict[str, list[Objection]]:
    """Return what stands against each stage that the case might go to next."""
    version = await find(ModelVersion, case["model_version_id"])
    possible = offered(version["definition"], case["stage"])
    wanted = possible if targets is None else targets
    found = await objections_to(
        scope, await slug_of(), await view_of(case), [one for one in wanted if one in possible]
    )
    for target in wanted:
        if target not in possible:
            found[target] = [objection(case["id"], "transition_unknown")]
    return found
