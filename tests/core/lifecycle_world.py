"""Cases for the tests of their life: a tenant, its programme, and a way through the stages."""

import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.cases.guards import CaseGuards
from cordee_core.cases.move_case import MoveDraft, move_case
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.cases.tables import Case
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import perform
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.plugins.host import PluginHost
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent
from cordee_core.selection.decide_selection import SelectionDraft, decide_selection
from cordee_core.sharing.record_consent import ConsentDraft, ConsentGuard, record_consent

TODAY = date(2026, 1, 15)
FACTS = {
    "days_until_homeless": 20, "health_difficulty": True, "income_difficulty": True,
    "isolation": False, "debts": False, "violence": False, "wants_support": True,
}  # fmt: skip
WAY = ("assessment", "planning", "implementation", "monitoring", "evaluation")


def bare_host() -> PluginHost:
    """A host whose only guards are those of cases and consents: no plan is needed to go on."""
    host = PluginHost.discover(strict=True)
    host.register_feature("cases", CaseGuards())
    host.register_feature("sharing", ConsentGuard())
    return host


@dataclass
class World:
    """A tenant whose cases go through the stages as the guards of this feature let them."""

    engine: CordeeEngine
    tenant: Any
    host: PluginHost
    programme: UUID
    second: UUID | None = None

    def scope(self, role: str) -> Scope:
        return dataclasses.replace(self.tenant[role], host=self.host)

    async def do(self, role: str, use_case: Callable[..., Awaitable[Any]], draft: Any) -> Any:
        return (await perform(self.engine, self.scope(role), "test", use_case, draft)).changed

    async def rows(self, query: str, *args: object) -> list[Any]:
        async with self.engine.transaction(cordee__context=self.scope("referent").signed()):
            return await fetch(query, *args)

    async def case(self, case: UUID) -> dict[str, Any]:
        async with self.engine.transaction(cordee__context=self.scope("referent").signed()):
            return await find(Case, case)

    async def version(self, case: UUID) -> int:
        return int((await self.case(case))["row_version"])

    async def person(self, name: str = "Étoile") -> UUID:
        return (await self.do("referent", register_person, PersonDraft(family_name=name)))["person"]

    async def open(self, person: UUID | None = None, **more: Any) -> UUID:
        """Open a case at intake; of a new person unless `more` says otherwise."""
        if person is None and not more.keys() & {"household", "group_label"}:
            person = await self.person()
        more.setdefault("programme", self.programme)
        draft = CaseDraft(person=person, request_source="self", requested_on=TODAY, **more)
        return (await self.do("referent", open_case, draft))["case"]

    async def consent(self, case: UUID, **more: Any) -> UUID:
        draft = ConsentDraft(
            case=case, language="fr", given_on=TODAY, information_given_on=TODAY, form="signed",
            **more,
        )  # fmt: skip
        return (await self.do("referent", record_consent, draft))["consent"]

    async def decide(self, case: UUID, decision: str = "admitted") -> None:
        more = {}
        if decision == "refused":
            more = {"appeal_route": "Commission", "onward_referral": "Centre social"}
        draft = SelectionDraft(
            case=case, facts=FACTS, decision=decision, reason="Critères", on=TODAY, **more
        )
        await self.do("referent", decide_selection, draft)

    async def designate(self, case: UUID, role: str = "referent") -> None:
        draft = DesignationDraft(
            case=case, row_version=await self.version(case), member=self.tenant[role].actor.id,
            reason="Relais", override_reason="Pour l'essai",
        )  # fmt: skip
        await self.do("supervisor", designate_referent, draft)

    async def move(self, case: UUID, target: str, reason: str | None = None) -> None:
        draft = MoveDraft(
            case=case, row_version=await self.version(case), target=target, reason=reason
        )
        await self.do("referent", move_case, draft)

    async def admitted(self, person: UUID | None = None, **more: Any) -> UUID:
        """A case in assessment."""
        case = await self.open(person, **more)
        await self.decide(case)
        await self.consent(case)
        await self.designate(case)
        await self.move(case, "assessment")
        return case

    async def at(self, stage: str, person: UUID | None = None) -> UUID:
        """A case in any stage from assessment to evaluation."""
        case = await self.admitted(person)
        for target in WAY[1 : WAY.index(stage) + 1]:
            await self.move(case, target)
        return case

    async def history(self, case: UUID) -> list[tuple[str | None, str]]:
        rows = await self.rows(
            "SELECT from_stage, to_stage FROM core.stage_changes WHERE case_id = $1"
            " ORDER BY number",
            case,
        )
        return [(row["from_stage"], row["to_stage"]) for row in rows]


async def make_world(engine: CordeeEngine, tenant: Any, *, code: str | None = None) -> World:
    """A tenant with an active programme."""
    world = World(engine, tenant, bare_host(), UUID(int=0))
    copied = await world.do(
        "supervisor", copy_programme, CopyDraft(template="housing.support_to_housing", code=code)
    )
    world.programme = copied["programme"]
    activate = ActivateDraft(programme=world.programme, row_version=1)
    await world.do("supervisor", activate_programme, activate)
    return world
