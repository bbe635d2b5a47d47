"""What stands against a change of stage: asked of core features and plugins alike.

Core features register the same hook as plugins (``cordee_check_transitions``); the guards of
selection and referent are this feature's own, that of consent comes from `sharing`.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.cases.queries import decisions_of
from cordee_core.contracts import CaseView, MemberView, Objection, TenantView, TransitionRequest
from cordee_core.database.rows import Found
from cordee_core.languages import Text, catalogue
from cordee_core.markers import hookimpl
from cordee_core.plugins.dispatch import check_transitions
from cordee_core.programmes.model import parse_model

TRANSITIONS = (("intake", "assessment"), ("intake", "refused"))
"""The changes of stage that this version carries out (`domain.md` §2 names them all)."""


class CaseGuards:
    """The guards that always hold: selection and referent."""

    @hookimpl
    async def cordee_check_transitions(
        self, requests: Sequence[TransitionRequest]
    ) -> Iterable[Objection]:
        """Object where the selection is undecided or contrary, or nobody is referent."""
        decisions = await decisions_of(request.case.id for request in requests)
        found = []
        for request in requests:
            decision = decisions.get(request.case.id)
            code = _selection(request, decision)
            if code is not None:
                found.append(objection(request.case.id, code))
            if request.target == "assessment" and request.case.referent_id is None:
                found.append(objection(request.case.id, "referent_missing"))
        return found


def _selection(request: TransitionRequest, decision: Found | None) -> str | None:
    wanted = {"assessment": "admitted", "refused": "refused"}.get(request.target)
    if decision is None:
        return "selection_missing"
    if wanted is not None and decision["decision"] != wanted:
        return f"selection_{decision['decision']}"
    return None


def objection(case: UUID, code: str) -> Objection:
    """Return a core objection with its text from ``messages/objections.toml``."""
    return Objection(case_id=case, code=code, text=catalogue("objections")[code])


def offered(model: dict[str, object], stage: str) -> list[str]:
    """Return the stages that the model allows from `stage` and this version carries out."""
    template = parse_model(model)
    return [end for start, end in TRANSITIONS if start == stage and template.allows(start, end)]


async def objections_to(
    scope: Scope, slug: str, case: CaseView, targets: Sequence[str]
) -> dict[str, list[Objection]]:
    """Return what stands against moving the case to each target; a failure is an objection."""
    requests = [TransitionRequest(case=case, source=case.stage, target=end) for end in targets]
    found: dict[str, list[Objection]] = {}
    for request in requests:
        answers = await check_transitions(
            scope.host,
            enabled=scope.enabled,
            tenant=TenantView(id=scope.tenant, slug=slug),
            requests=[request],
            actor=MemberView(id=scope.actor.id, roles=frozenset(scope.actor.roles)),
        )
        objections = [one for answer in answers for one in answer.value or ()]
        for answer in answers:
            if answer.error is not None:
                objections.append(_failed(case.id, answer.plugin))
        found[request.target] = objections
    return found


def _failed(case: UUID, plugin: str) -> Objection:
    text: Text = {
        language: words.format(plugin=plugin)
        for language, words in catalogue("objections")["plugin_failed"].items()
    }
    return Objection(case_id=case, code="plugin_failed", text=text, origin=plugin)
