"""Plugins learn of what is due and of plans that are agreed; two at once don't both win."""

import asyncio
from dataclasses import replace
from typing import Any

from cordee_core.clock import now
from cordee_core.database.unit_of_work import perform
from cordee_core.errors import StaleObjectError
from cordee_core.features import install
from cordee_core.markers import hookimpl
from cordee_core.plans.agree_plan import AgreementDraft, agree_plan
from cordee_core.plugins.host import PluginHost
from cordee_core.plugins.manifest import Manifest


class Listener:
    """Listens to what is due and agreed."""

    @hookimpl
    async def cordee_obligation_opened(self, obligation: Any, effects: Any) -> None:
        """Hear of it."""

    @hookimpl
    async def cordee_plan_agreed(self, plan: Any, effects: Any) -> None:
        """Hear of it."""


def agreement(plan: Any) -> AgreementDraft:
    return AgreementDraft(
        plan=plan, row_version=1, form="signed", language="fr", agreed_on=now().date()
    )


async def test_plugins_learn_of_what_is_due_and_of_what_is_agreed(own_office: Any) -> None:
    hooks = frozenset({"cordee_obligation_opened", "cordee_plan_agreed"})
    host = install(PluginHost.discover(strict=True))
    host.register(Manifest(name="echo", api=1, hooks=hooks), Listener())
    scopes = {
        role: replace(scope, host=host, enabled=scope.enabled | {"echo"})
        for role, scope in own_office.tenancy.scopes.items()
    }
    office = replace(own_office, tenancy=replace(own_office.tenancy, scopes=scopes))
    plan = await office.plan()
    await office.do("referent", agree_plan, agreement(plan))
    await office.called()
    await office.assess("health.phq9", [0, 0, 0, 0, 0, 0, 0, 0, 1])
    due = (await office.rows("SELECT id FROM core.obligations"))[0]["id"]
    sent = await office.rows(
        "SELECT event, payload FROM core.outbox WHERE consumer = 'echo' ORDER BY id"
    )
    assert [(one["event"], one["payload"]) for one in sent] == [
        ("cordee_plan_agreed", {"plan": str(plan)}),
        ("cordee_obligation_opened", {"obligation": str(due)}),
    ]


async def test_of_two_agreements_at_once_one_finds_the_version_changed(office: Any) -> None:
    plan = await office.plan()
    scope = office.tenancy["referent"]
    both = await asyncio.gather(
        *(perform(office.engine, scope, "test", agree_plan, agreement(plan)) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["Outcome", StaleObjectError.__name__]
    rows = await office.rows("SELECT id FROM core.plan_agreements WHERE plan_id = $1", plan)
    assert len(rows) == 1
