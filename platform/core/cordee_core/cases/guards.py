"""What stands against a change of stage: asked of core features and plugins alike.

Core features register the same hook as plugins (``cordee_check_transitions``); the guards of
selection and referent are this feature's own. All requests of a page go in one call.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.cases.lifecycle import WORKING
from cordee_core.cases.queries import decisions_of
from cordee_core.contracts import Answer, MemberView, Objection, TenantView, TransitionRequest
from cordee_core.database.rows import Found
from cordee_core.languages import Text, catalogue
from cordee_core.markers import hookimpl
from cordee_core.plugins.dispatch import check_transitions

Objections = Mapping[tuple[UUID, str], list[Objection]]
"""What stands against each case going to each stage."""


GivenUp = Callable[[set[UUID]], Awaitable[set[UUID]]]
"""Says which of these admitted cases gave up their place: they may be refused after all."""


async def _nobody(_cases: set[UUID]) -> set[UUID]:
    return set()


class CaseGuards:
    """The guards that always hold: selection and referent."""

    def __init__(self, given_up: GivenUp = _nobody) -> None:
        self._given_up = given_up

    @hookimpl
    async def cordee_check_transitions(
        self, requests: Sequence[TransitionRequest]
    ) -> Iterable[Objection]:
        """Object where the selection is undecided or contrary, or nobody is referent."""
        selected = [one for one in requests if _SELECTED.get(one.target) and one.source == "intake"]
        decisions = await decisions_of({one.case.id for one in selected})
        given_up = await self._given_up(
            {one.case.id for one in selected if one.target == "refused"}
        )
        found = []
        for request in selected:
            code = _selection(request, decisions.get(request.case.id))
            if code == "selection_admitted" and request.case.id in given_up:
                code = None
            if code is not None:
                found.append(against(request, code))
        for request in requests:
            if request.target in WORKING and request.case.referent_id is None:
                found.append(against(request, "referent_missing"))
        return found


_SELECTED = {"assessment": "admitted", "refused": "refused"}
"""The decision that each way out of intake asks for."""


def _selection(request: TransitionRequest, decision: Found | None) -> str | None:
    if decision is None:
        return "selection_missing"
    if decision["decision"] != _SELECTED[request.target]:
        return f"selection_{decision['decision']}"
    return None


def objection(case: UUID, code: str, target: str = "") -> Objection:
    """Return a core objection with its text from ``messages/objections.toml``."""
    return Objection(case_id=case, code=code, text=catalogue("objections")[code], target=target)


def against(request: TransitionRequest, code: str) -> Objection:
    """Return a core objection to that very request."""
    return objection(request.case.id, code, request.target)


async def objections_to(
    scope: Scope, slug: str, requests: Sequence[TransitionRequest]
) -> Objections:
    """Return what stands against the requests, asked in one call; a failure is an objection."""
    if not requests:
        return {}
    answers = await check_transitions(
        scope.host,
        enabled=scope.enabled,
        tenant=TenantView(id=scope.tenant, slug=slug),
        requests=requests,
        actor=MemberView(id=scope.actor.id, roles=frozenset(scope.actor.roles)),
    )
    return collected(requests, answers)


def collected(
    requests: Sequence[TransitionRequest], answers: Iterable[Answer[tuple[Objection, ...]]]
) -> Objections:
    """Return the answers by case and stage; whoever did not answer objects to every request."""
    asked: defaultdict[UUID, list[str]] = defaultdict(list)
    for request in requests:
        asked[request.case.id].append(request.target)
    found: defaultdict[tuple[UUID, str], list[Objection]] = defaultdict(list)
    for answer in answers:
        failed = [_failed(one, answer.plugin) for one in requests if answer.error is not None]
        for one in (*failed, *(answer.value or ())):
            for target in [one.target] if one.target else asked[one.case_id]:
                found[one.case_id, target].append(one)
    return found


def _failed(request: TransitionRequest, plugin: str) -> Objection:
    text: Text = {
        language: words.format(plugin=plugin)
        for language, words in catalogue("objections")["plugin_failed"].items()
    }
    return Objection(
        case_id=request.case.id, code="plugin_failed", text=text, origin=plugin,
        target=request.target,
    )  # fmt: skip
