"""Conformance checks that call decision and event hooks with samples."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID, uuid5

from cordee_core.contracts import (
    AssessmentView,
    CaseView,
    ConsentView,
    MemberView,
    ObligationView,
    PersonView,
    PlanView,
    ReferralView,
    TenantView,
    TransitionRequest,
)
from cordee_core.hookspecs import EVENT
from cordee_core.languages import LANGUAGES, Text
from cordee_core.plugins.dispatch import check_transitions, deliver
from cordee_core.plugins.host import PluginHost
from cordee_core.testing.registry import check, loaded, require

S = TypeVar("S")
_SPACE = UUID("6f2c1c53-3f0e-5c0e-9d0b-6a3b8f3f7f10")
_DAY = date(2026, 3, 2)
_MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def sample(name: str) -> UUID:
    """Return an id that is always the same for `name`."""
    return uuid5(_SPACE, name)


def samples(plugin: str) -> dict[str, Any]:
    """Return one value for each argument that decision and event hooks know."""
    case = CaseView(
        id=sample("case"),
        number="2026-0001",
        stage="assessment",
        programme_code=f"{plugin}.sample",
        person_id=sample("person"),
        referent_id=sample("member"),
        opened_on=_DAY,
    )
    return {
        "tenant": TenantView(id=sample("tenant"), slug="sample"),
        "case": case,
        "actor": MemberView(id=sample("member"), roles=frozenset({"referent"})),
        "referent": MemberView(id=sample("member"), roles=frozenset({"referent"})),
        "previous": None,
        "person": PersonView(id=sample("person")),
        "assessment": AssessmentView(
            id=sample("assessment"),
            case_id=case.id,
            instrument_code=f"{plugin}.sample",
            instrument_version="1",
            completed_on=_DAY,
            result={},
        ),
        "referral": ReferralView(
            id=sample("referral"), case_id=case.id, service_code=f"{plugin}.sample", state="sent"
        ),
        **_planned(plugin, case.id),
        "consent": ConsentView(
            id=sample("consent"), purpose="sample", given=True, recorded_on=_DAY
        ),
        "requests": (TransitionRequest(case=case, source="intake", target="assessment"),),
    }


def _planned(plugin: str, case: UUID) -> dict[str, Any]:
    return {
        "plan": PlanView(id=sample("plan"), case_id=case, version=1, objective_codes=("sample",)),
        "obligation": ObligationView(
            id=sample("obligation"),
            case_id=case,
            rule=f"{plugin}.sample",
            due_at=_MOMENT,
            member_id=sample("member"),
            status="open",
        ),
    }


class RecordingEffects:
    """Effects that write nothing down but in memory, and hold a hook to its rules."""

    def __init__(self, plugin: str, settings: object) -> None:
        self._plugin = plugin
        self._settings = settings
        self.entries: list[tuple[UUID, str, Text]] = []

    async def timeline(self, case_id: UUID, kind: str, label: Text) -> None:
        """Keep the entry; its kind and its texts are as they must be."""
        require(kind.startswith(f"{self._plugin}."), f"timeline kind {kind!r} has another prefix")
        missing = [one for one in LANGUAGES if not label.get(one)]
        require(not missing, f"timeline label of {kind!r} is missing in {', '.join(missing)}")
        self.entries.append((case_id, kind, label))

    def settings(self, kind: type[S]) -> S:
        """Return the default settings."""
        require(isinstance(self._settings, kind), f"the plugin has no settings {kind.__name__}")
        return cast("S", self._settings)


@check()
def events_may_be_delivered_twice(plugin: str, host: PluginHost) -> None:
    """Delivery is at least once: an event that comes again raises nothing and does the same."""
    loaded(plugin, host)
    for hook, arguments in EVENT.items():
        if hook in host.manifests[plugin].hooks:
            first, second = (_deliver(plugin, host, hook, arguments) for _ in range(2))
            require(first == second, f"{hook} does something else the second time")


@check()
def decisions_answer(plugin: str, host: PluginHost) -> None:
    """A decision hook answers in time, with objections in English and in French."""
    loaded(plugin, host)
    if "cordee_check_transitions" not in host.manifests[plugin].hooks:
        return
    given = samples(plugin)
    call = check_transitions(
        host,
        enabled={plugin},
        tenant=given["tenant"],
        requests=given["requests"],
        actor=given["actor"],
    )
    for answer in asyncio.run(call):
        if answer.error is not None:
            raise answer.error
        for objection in answer.value or ():
            missing = [one for one in LANGUAGES if not objection.text.get(one)]
            require(not missing, f"objection {objection.code!r}: missing in {missing}")


def _deliver(plugin: str, host: PluginHost, hook: str, arguments: tuple[str, ...]) -> object:
    kind = host.settings_types.get(plugin)
    settings = kind() if kind else None
    effects = RecordingEffects(plugin, settings)
    known = {**samples(plugin), "effects": effects, "settings": settings}
    given = {name: known[name] for name in arguments}
    asyncio.run(deliver(host, hook, plugin, **given))
    return effects.entries
