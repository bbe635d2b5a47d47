"""What plugins answer about changes of stage: one call for all, and no answer is an objection."""

import asyncio
import sys
from datetime import date
from typing import Any
from uuid import uuid4

from cordee_core.access.context import ContextKeys
from cordee_core.access.scope import Actor, Scope
from cordee_core.cases import guards
from cordee_core.cases.guards import objections_to
from cordee_core.contracts import CaseView, TransitionRequest
from cordee_core.plugins.host import PluginHost

HOOK = ["cordee_check_transitions"]
HEAD = """import asyncio
from cordee_core import Objection, hookimpl

CALLS = []


class Plugin:
"""
ASKED = """
    @hookimpl
    async def cordee_check_transitions(self, requests):
        CALLS.append(len(requests))
        text = {"en": "Wait.", "fr": "Attendez."}
        return [
            Objection(case_id=one.case.id, code="careful.wait", text=text, target=one.target)
            for one in requests if one.target == "planning"
        ]


plugin = Plugin()
"""
WIDE = """
    @hookimpl
    async def cordee_check_transitions(self, requests):
        text = {"en": "No.", "fr": "Non."}
        return [Objection(case_id=requests[0].case.id, code="wide.no", text=text)]


plugin = Plugin()
"""


def failing(body: str) -> str:
    return f"""{HEAD}
    @hookimpl
    async def cordee_check_transitions(self):
        {body}


plugin = Plugin()
"""


def requests() -> list[TransitionRequest]:
    found = []
    for number in range(3):
        case = CaseView(
            id=uuid4(), number=f"2026-{number}", stage="assessment", programme_code="x.y",
            person_id=uuid4(), referent_id=uuid4(), opened_on=date(2026, 1, 2),
        )  # fmt: skip
        for target in ("planning", "on_hold"):
            found.append(TransitionRequest(case=case, source="assessment", target=target))
    return found


def asked(host: PluginHost, *plugins: str) -> Any:
    scope = Scope(
        tenant=uuid4(), keys=ContextKeys({"k": bytes(32)}), host=host, enabled=frozenset(plugins),
        member=Actor(id=uuid4(), roles=("referent",), display_name="R"),
    )  # fmt: skip
    wanted = requests()
    found = asyncio.run(objections_to(scope, "slug", wanted))
    codes = {
        (one.case.id, one.target): [that.code for that in found.get((one.case.id, one.target), ())]
        for one in wanted
    }
    return wanted, codes


def test_all_requests_of_a_page_go_to_a_plugin_in_one_call(make_plugin):
    make_plugin("careful", HEAD + ASKED, hooks=HOOK)
    host = PluginHost.discover(names={"careful"}, strict=True)
    wanted, codes = asked(host, "careful")
    assert sys.modules["cordee_careful.plugin"].CALLS == [6]  # type: ignore[attr-defined]
    for one in wanted:
        expected = ["careful.wait"] if one.target == "planning" else []
        assert codes[one.case.id, one.target] == expected


def test_an_objection_without_a_stage_stands_against_every_one_asked_for(make_plugin):
    make_plugin("wide", HEAD + WIDE, hooks=HOOK)
    host = PluginHost.discover(names={"wide"}, strict=True)
    wanted, codes = asked(host, "wide")
    first = wanted[0].case.id
    assert {key for key, found in codes.items() if found} == {
        (first, "planning"), (first, "on_hold"),
    }  # fmt: skip


def test_a_plugin_that_fails_or_is_late_objects_to_everything(make_plugin, monkeypatch):
    make_plugin("broken", failing("raise ValueError('no')"), hooks=HOOK)
    make_plugin("late", failing("await asyncio.sleep(60)"), hooks=HOOK)
    host = PluginHost.discover(names={"broken", "late"}, strict=True)
    check = guards.check_transitions

    async def soon(*args: Any, **given: Any) -> Any:
        return await check(*args, **given, limit=0.2)

    monkeypatch.setattr(guards, "check_transitions", soon)
    _, codes = asked(host, "broken", "late")
    assert all(found == ["plugin_failed", "plugin_failed"] for found in codes.values())


def test_a_plugin_that_the_tenant_did_not_enable_is_not_asked(make_plugin):
    make_plugin("broken", failing("raise ValueError('no')"), hooks=HOOK)
    host = PluginHost.discover(names={"broken"}, strict=True)
    _, codes = asked(host)
    assert not any(codes.values())
