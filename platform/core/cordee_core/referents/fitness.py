"""Whether a member fits a case: what blocks a designation, what may be overridden."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cordee_core.access.permissions import Permission, Reach
from cordee_core.access.scope import Scope
from cordee_core.database.rows import Found, find, insert
from cordee_core.errors import (
    CaseloadFullError,
    InterestConflictError,
    MemberLeftError,
    TrainingMissingError,
)
from cordee_core.languages import Text, catalogue
from cordee_core.members.conduct import need_conduct
from cordee_core.members.give_roles import held_by
from cordee_core.members.training import Subject, lacking
from cordee_core.programmes.tables import ModelVersion, ProgrammeVersion
from cordee_core.referents.model import Load
from cordee_core.referents.queries import (
    CaseWeight,
    conflicts_with,
    loads_of,
    team_members_of,
    weight_of,
)
from cordee_core.referents.tables import Override
from cordee_core.validation import problem

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a case asks of its referent: trainings, a team, and what it weighs."""

    subjects: tuple[Subject, ...]
    shared_team: bool
    weight: CaseWeight


async def needs_of(tenant: UUID, case: Mapping[str, Any]) -> Needs:
    """Return what the case's programme and model ask: each method and each instrument of them."""
    programme = (await find(ProgrammeVersion, case["programme_version_id"]))["definition"]
    model = (await find(ModelVersion, case["model_version_id"]))["definition"]
    subjects = [("method", one["code"]) for one in programme.get("methods") or ()]
    for stage in model["stages"]:
        subjects += [("instrument", code) for code in stage.get("instruments") or ()]
    return Needs(
        tuple(subjects), model["leads"] == "shared_team", await weight_of(tenant, case["id"])
    )


def load_with(parts: tuple[Any, ...], weight: CaseWeight, *, counted: bool = False) -> Load:
    """Return a member's load with a case, against the norm of that case's model.

    `counted` says that the case is among the `parts` already.
    """
    load = Load(parts, weight.recommended, weight.maximum)
    return load if counted else load.plus(weight.weight, weight.intensity, weight.label)


async def leading(members: Iterable[Found]) -> set[UUID]:
    """Return those members whose roles let them lead cases: move any case of the tenant."""
    held = await held_by(members)
    return {one for one, found in held.items() if found.get(Permission.CASE_MOVE) is Reach.TENANT}


async def need_leader(member: Found, path: Path) -> None:
    """Return if the member is active, leads cases and accepted the code of conduct.

    Raises:
        MemberLeftError: the membership has ended.
        InvalidInputError: no role lets the member lead.
        ConductNotAcceptedError: the version in force was not accepted.
    """
    if member["status"] != "active":
        raise MemberLeftError(path=path, member=member["display_name"])
    if not await leading([member]):
        raise problem(path, "this member can't lead cases", "ce membre ne peut pas être référent")
    await need_conduct(member["id"], member["display_name"], *path)


async def need_fit(
    scope: Scope, case: Mapping[str, Any], member: Found, override: str | None, path: Path
) -> list[Text]:
    """Return what was overridden, each kept with its reason; an empty list where all is well.

    Raises:
        InterestConflictError: the member declared a conflict of interest; nothing overrides that.
        InvalidInputError: the case is shared by a team and the member is not of it.
        TrainingMissingError: a training is missing and no reason is given.
        CaseloadFullError: the member would be above the maximum and no reason is given.
        ForbiddenError: a reason is given by somebody who may not override.
    """
    name, needs = member["display_name"], await needs_of(scope.tenant, case)
    if await conflicts_with(case, [member["id"]]):
        raise InterestConflictError(path=path, member=name)
    if needs.shared_team and member["id"] not in await team_members_of(case["team_id"]):
        raise problem(
            path,
            "the model is carried out by a team: the referent belongs to the team of the case",
            "le modèle est porté par une équipe : le référent appartient à l'équipe du suivi",
        )
    if override is not None:
        scope.require(Permission.CASELOAD_OVERRIDE)
    missing = (await lacking(needs.subjects, [member["id"]], scope.clock().date()))[member["id"]]
    load = load_with((await loads_of(scope.tenant, [member["id"]]))[member["id"]], needs.weight)
    overridden: list[Text] = []
    if missing:
        if override is None:
            raise TrainingMissingError(path=path, member=name, trainings=", ".join(missing))
        overridden.append(_said("untrained", trainings=", ".join(missing)))
        await _keep(scope, case, member, ("training", ", ".join(missing)), override)
    if load.state == "above_maximum":
        if override is None:
            raise CaseloadFullError(path=path, member=name, formula=load.formulas())
        overridden.append(_said("above_maximum", formula=load.formulas()))
        await _keep(scope, case, member, ("caseload", load.formula("en")), override)
    return overridden


def _said(code: str, **params: object) -> Text:
    return {
        language: words.format(
            **{
                name: value[language] if isinstance(value, Mapping) else value
                for name, value in params.items()
            }
        )
        for language, words in catalogue("staff")[code].items()
    }


async def _keep(
    scope: Scope, case: Mapping[str, Any], member: Found, what: tuple[str, str], reason: str
) -> None:
    kind, subject = what
    await insert(
        Override(
            tenant_id=scope.tenant, id=scope.new_id(), case_id=case["id"], member_id=member["id"],
            kind=kind, subject=subject, reason=reason, overridden_at=scope.clock(),
            overridden_by=scope.actor.id,
        )
    )  # fmt: skip
