"""A tenant with an active programme, and cases that were really admitted, for tests of plans."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from cordee_core.assessments.complete_assessment import AssessmentDraft, complete_assessment
from cordee_core.assessments.set_safety_contact import SafetyContactDraft, set_safety_contact
from cordee_core.cases.move_case import MoveDraft, move_case
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.cases.tables import Case
from cordee_core.cases.transitions import transitions
from cordee_core.clock import now
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import perform
from cordee_core.needs.add_need import NeedDraft, add_need
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.plans.add_action import ActionDraft, add_action
from cordee_core.plans.add_goal import GoalDraft, add_goal
from cordee_core.plans.draft_plan import PlanDraft, draft_plan
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent
from cordee_core.selection.decide_selection import SelectionDraft, decide_selection
from cordee_core.sharing.record_consent import ConsentDraft, record_consent

TODAY = date(2026, 1, 15)
FACTS = {
    "days_until_homeless": 20, "health_difficulty": True, "income_difficulty": True,
    "isolation": False, "debts": False, "violence": False, "wants_support": True,
}  # fmt: skip
OBJECTIVE, METHOD = "stable_home", "outreach_and_settling"


@dataclass(frozen=True)
class Office:
    """A tenant that carries one programme out; `case` is the one of the test."""

    engine: CordeeEngine
    tenancy: Any
    programme: UUID
    case: UUID

    async def do(self, role: str, use_case: Callable[..., Awaitable[Any]], draft: Any) -> Any:
        """Run a use case as a role; return the ids that it changed."""
        return (await perform(self.engine, self.tenancy[role], "test", use_case, draft)).changed

    async def rows(self, query: str, *args: object) -> list[dict[str, Any]]:
        async with self.engine.transaction(cordee__context=self.tenancy["referent"].signed()):
            return [dict(row) for row in await fetch(query, *args)]

    async def row(self, table: str, identifier: UUID) -> dict[str, Any]:
        (found,) = await self.rows(f"SELECT * FROM core.{table} WHERE id = $1", identifier)
        return found

    async def kinds(self) -> list[str]:
        """The kinds of the case's timeline, oldest first."""
        rows = await self.rows(
            "SELECT kind FROM core.timeline_entries WHERE case_id = $1 ORDER BY seq", self.case
        )
        return [row["kind"] for row in rows]

    async def against(self, target: str) -> set[str]:
        """The codes of what stands against the case going to `target`."""
        async with self.engine.transaction(cordee__context=self.tenancy["referent"].signed()):
            case = await find(Case, self.case)
            found = await transitions(self.tenancy["referent"], case, [target])
        return {one.code for one in found[target]}

    async def move(self, target: str) -> None:
        version = (await self.row("cases", self.case))["row_version"]
        await self.do("referent", move_case, MoveDraft(
            case=self.case, row_version=version, target=target,
        ))  # fmt: skip

    async def assess(self, instrument: str, answers: Any, **more: Any) -> UUID:
        draft = AssessmentDraft(
            case=self.case, instrument=instrument, answers=answers,
            **{"assessed_on": now().date(), **more},
        )  # fmt: skip
        return (await self.do("referent", complete_assessment, draft))["assessment"]

    async def need(self, kind: str, words: str = "Je tiens à mon quartier", **more: Any) -> UUID:
        domain = None if kind == "none" else "social"
        draft = NeedDraft(case=self.case, kind=kind, words=words, life_domain=domain, **more)
        return (await self.do("referent", add_need, draft))["need"]

    async def called(self, instrument: str = "health.phq9") -> UUID:
        """Set that the supervisor is called."""
        member = self.tenancy["supervisor"].actor.id
        await self.do("admin", set_safety_contact, SafetyContactDraft(
            instrument=instrument, member=member,
        ))  # fmt: skip
        return member

    async def plan(self, **more: Any) -> UUID:
        """A draft with one goal and one complete action."""
        plan = (await self.do("referent", draft_plan, PlanDraft(case=self.case, **more)))["plan"]
        goal = await self.goal(plan)
        await self.action(plan, goal)
        return plan

    async def goal(self, plan: UUID, **more: Any) -> UUID:
        draft = GoalDraft(plan=plan, **{
            "words": "Un chez-moi", "wording": "Accéder à un logement", "objective": OBJECTIVE,
            **more,
        })  # fmt: skip
        return (await self.do("referent", add_goal, draft))["goal"]

    async def action(self, plan: UUID, goal: UUID | None, **more: Any) -> UUID:
        draft = ActionDraft(plan=plan, goal=goal, **{
            "description": "Visiter deux logements", "responsible": "person",
            "due_on": date(2027, 3, 1), "method": METHOD, **more,
        })  # fmt: skip
        return (await self.do("referent", add_action, draft))["action"]

    async def into_planning(self) -> None:
        """Meet what stands against planning, and move."""
        await self.assess("housing.ethos_light", {"living_situation": "hostel"})
        await self.assess("housing.ssm", {"housing": 1, "employment": 4})
        await self.need("strength")
        await self.move("planning")

    async def set_model(self, **changes: Any) -> None:
        """Change the definition of the model version that the case keeps, past the application."""
        import json

        import asyncpg

        case = await self.row("cases", self.case)
        connection = await asyncpg.connect(self.superuser)
        try:
            await connection.execute(
                "UPDATE core.model_versions SET definition = definition || $2::jsonb WHERE id = $1",
                case["model_version_id"], json.dumps(changes),
            )  # fmt: skip
        finally:
            await connection.close()

    superuser: str = ""


@pytest.fixture(scope="session")
def take() -> Callable[..., Awaitable[None]]:
    """Take the office's case in: nothing stands against assessment."""
    return take_in


@pytest.fixture(scope="session")
async def open_office(
    engine: CordeeEngine, host: Any, cluster: Any, pytestconfig: pytest.Config
) -> Any:
    """Open a tenant with an activated programme."""
    plugins = pytestconfig.pluginmanager.get_plugins()
    make_tenancy = next(one for one in plugins if hasattr(one, "make_tenancy")).make_tenancy

    async def open_it() -> Office:
        tenancy = await make_tenancy(engine, host, cluster.keys, plugins=("housing", "health"))
        office = Office(engine, tenancy, tenancy.id, tenancy.id, cluster.superuser_url())
        template = CopyDraft(template="housing.support_to_housing")
        programme = (await office.do("supervisor", copy_programme, template))["programme"]
        activate = ActivateDraft(programme=programme, row_version=1)
        await office.do("supervisor", activate_programme, activate)
        return replace(office, programme=programme)

    return open_it


@pytest.fixture(scope="module")
async def shared_office(open_office: Any) -> Office:
    """One tenant for all tests of a file that need no other (a referent has 25 cases at most)."""
    return await open_office()


async def take_in(office: Office, persons: tuple[UUID, ...] = ()) -> None:
    """Meet what stands against assessment, and move the office's case there."""
    await office.do("referent", decide_selection, SelectionDraft(
        case=office.case, facts=FACTS, decision="admitted", reason="Critères remplis", on=TODAY,
    ))  # fmt: skip
    for person in persons or (None,):
        await office.do("referent", record_consent, ConsentDraft(
            case=office.case, language="fr", given_on=TODAY, information_given_on=TODAY,
            form="signed", person=person,
        ))  # fmt: skip
    await office.do("supervisor", designate_referent, DesignationDraft(
        case=office.case, row_version=(await office.row("cases", office.case))["row_version"],
        member=office.tenancy["referent"].actor.id,
    ))  # fmt: skip
    await office.move("assessment")


async def admitted(office: Office) -> Office:
    """The office with a new case in assessment."""
    draft = PersonDraft(family_name="Étoile", given_names="Nour")
    person = (await office.do("referent", register_person, draft))["person"]
    opened = await office.do("referent", open_case, CaseDraft(
        person=person, programme=office.programme, request_source="self", requested_on=TODAY,
    ))  # fmt: skip
    found = replace(office, case=opened["case"])
    await take_in(found)
    return found


@pytest.fixture
async def office(shared_office: Office) -> Office:
    """A case of this test in assessment, in the tenant that tests share."""
    return await admitted(shared_office)


@pytest.fixture
async def own_office(open_office: Any) -> Office:
    """A tenant of this test alone, with a case in assessment."""
    return await admitted(await open_office())
