"""Who could lead a case: each member with what speaks for it and what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.cases.lifecycle import ENDED
from cordee_core.database.rows import Found
from cordee_core.languages import LANGUAGES, Text, pick, say
from cordee_core.members.queries import conduct_in_force, qualifications_of, without_conduct
from cordee_core.members.training import lacking, required_by
from cordee_core.referents.fitness import Needs, leading, load_with, needs_of
from cordee_core.referents.model import Load
from cordee_core.referents.queries import (
    conflicts_with,
    languages_of,
    leaders,
    loads_of,
    team_members_of,
)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about a member and a case, by its code."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member, the load with this case, what fits and what does not.

    `blocked` says that nothing can override it; `overridable` that a reason is needed.
    """

    member: Found
    load: Load
    reasons: tuple[Remark, ...]
    mismatches: tuple[Remark, ...]
    blocked: bool
    overridable: bool

    @property
    def rank(self) -> tuple[bool, bool, int, Any]:
        """Better candidates first: nothing in the way, few mismatches, a light load."""
        return self.blocked, self.overridable, len(self.mismatches), self.load.total


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all members at once."""

    needs: Needs
    spoken: list[str]
    required: tuple[str, ...]
    missing: Mapping[UUID, tuple[str, ...]]
    titles: Mapping[UUID, list[str]]
    conflicts: set[UUID]
    unaccepted: set[UUID]
    version: int
    team: set[UUID]


async def propose_referents(scope: Scope, case: Mapping[str, Any]) -> list[Candidate]:
    """Return the members who lead cases, the best match first; it is a proposal, no decision."""
    active = await leaders()
    able = await leading(active)
    members = [one for one in active if one["id"] in able]
    ids = [one["id"] for one in members]
    today = scope.clock().date()
    needs = await needs_of(scope.tenant, case)
    conduct = await conduct_in_force()
    known = _Known(
        needs=needs,
        spoken=await languages_of(case["person_id"]),
        required=await required_by(needs.subjects),
        missing=await lacking(needs.subjects, ids, today),
        titles=await qualifications_of(ids, today),
        conflicts=await conflicts_with(case, ids),
        unaccepted=await without_conduct(ids, conduct["id"]) if conduct else set(),
        version=conduct["version"] if conduct else 0,
        team=await team_members_of(case["team_id"]),
    )
    loads = await loads_of(scope.tenant, ids)
    led = None if case["stage"] in ENDED else case["referent_id"]
    found = [
        _candidate(one, load_with(loads[one["id"]], needs.weight, counted=one["id"] == led), known)
        for one in members
    ]
    return sorted(found, key=lambda one: (*one.rank, str(one.member["id"])))


def _candidate(member: Found, load: Load, known: _Known) -> Candidate:
    reasons = [*_fits(member, known)]
    mismatches = [*_against(member, known)]
    formulas = load.formulas()
    if load.state == "within":
        reasons.append(_remark("room", formula=formulas))
    else:
        mismatches.append(_remark(load.state, formula=formulas))
    codes = {one.code for one in mismatches}
    return Candidate(
        member=member, load=load, reasons=tuple(reasons), mismatches=tuple(mismatches),
        blocked=bool(codes & {"conflict", "conduct", "other_team"}),
        overridable=bool(codes & {"untrained", "above_maximum"}),
    )  # fmt: skip


def _fits(member: Found, known: _Known) -> list[Remark]:
    found = []
    common = [one for one in known.spoken if one in member["languages"]]
    if common:
        found.append(_remark("speaks", languages=", ".join(common)))
    if known.required and not known.missing[member["id"]]:
        found.append(_remark("trained", trainings=", ".join(known.required)))
    if titles := known.titles.get(member["id"]):
        found.append(_remark("qualified", titles=", ".join(titles)))
    return found


def _against(member: Found, known: _Known) -> list[Remark]:
    identifier, found = member["id"], []
    if known.spoken and not set(known.spoken) & set(member["languages"]):
        found.append(_remark("speaks_none", languages=", ".join(known.spoken)))
    if missing := known.missing[identifier]:
        found.append(_remark("untrained", trainings=", ".join(missing)))
    if identifier in known.conflicts:
        found.append(_remark("conflict"))
    if identifier in known.unaccepted:
        found.append(_remark("conduct", version=known.version))
    if known.needs.shared_team and identifier not in known.team:
        found.append(_remark("other_team"))
    return found


def _remark(code: str, **params: object) -> Remark:
    return Remark(code, {
        language: say("staff", code, language, **{
            name: pick(value, language) if isinstance(value, Mapping) else value
            for name, value in params.items()
        })
        for language in LANGUAGES
    })  # fmt: skip
