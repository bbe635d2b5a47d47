"""The stages to which cases may go next, each with what still stands against it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.cases.guards import objection, objections_to
from cordee_core.cases.lifecycle import Standing, targets
from cordee_core.cases.view import views_of
from cordee_core.contracts import Objection, TransitionRequest
from cordee_core.database.rows import Found, find_many
from cordee_core.errors import TransitionBlockedError
from cordee_core.languages import LANGUAGES, pick
from cordee_core.programmes.definition import parse_model
from cordee_core.programmes.tables import ModelVersion
from cordee_core.tenants.queries import slug_of

Offered = dict[str, list[Objection]]
"""What stands against each stage that a case might go to next."""

FREE = frozenset({"merged"})
"""Stages that no model names: the case may go there from wherever it is open."""


async def transitions_of(
    scope: Scope, cases: Sequence[Found], wanted: Sequence[str] | None = None
) -> dict[UUID, Offered]:
    """Return what stands against each stage that each of the `cases` might go to next.

    However many cases there are: a statement each for models, programmes and the organisation, and
    one call of each guard. `wanted` asks for these stages only, and says of those that the model
    does not provide that it does not.
    """
    possible = await _possible(cases)
    views = await views_of(cases)
    requests = [
        TransitionRequest(
            case=views[case["id"]], source=case["stage"], target=end, facts=_facts(case)
        )
        for case in cases
        for end in (possible[case["id"]] if wanted is None else wanted)
        if end in possible[case["id"]] or end in FREE
    ]
    found = await objections_to(scope, await slug_of(), requests)
    offered: dict[UUID, Offered] = {case["id"]: {} for case in cases}
    for request in requests:
        place = request.case.id, request.target
        offered[place[0]][place[1]] = [*_without_act(request), *found.get(place, ())]
    for case in cases:
        for end in wanted or ():
            unknown = [objection(case["id"], "transition_unknown", end)]
            offered[case["id"]].setdefault(end, unknown)
    return offered


async def transitions(
    scope: Scope, case: Mapping[str, Any], wanted: Sequence[str] | None = None
) -> Offered:
    """Return what stands against each stage that the case might go to next."""
    return (await transitions_of(scope, [dict(case)], wanted))[case["id"]]


def blocked(objections: Sequence[Objection], *path: str | int) -> TransitionBlockedError:
    """Return the error that lists everything that stands against a step."""
    return TransitionBlockedError(
        path=path,
        codes=[one.code for one in objections],
        objections={
            lang: "; ".join(pick(one.text, lang) for one in objections) for lang in LANGUAGES
        },
    )


async def _possible(cases: Sequence[Found]) -> dict[UUID, tuple[str, ...]]:
    """Return where each case may go as its version of the model says."""
    rows = await find_many(ModelVersion, {case["model_version_id"] for case in cases})
    allowed = {
        row["id"]: {(one.start, one.end) for one in parse_model(row["definition"]).transitions}
        for row in rows
    }
    return {
        case["id"]: targets(
            allowed[case["model_version_id"]], Standing(case["stage"], case["held_from"])
        )
        for case in cases
    }


def _facts(case: Found) -> Mapping[str, object]:
    return {
        "held_from": case["held_from"],
        "reopened_at": case["reopened_at"],
        "subject_kind": case["subject_kind"],
        "model_version": case["model_version_id"],
    }


def _without_act(request: TransitionRequest) -> list[Objection]:
    """Return the objection to a stage that only a transfer leads to: both sides approve that."""
    if request.target != "transferred":
        return []
    return [objection(request.case.id, "transfer_missing", "transferred")]
