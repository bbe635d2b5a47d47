"""Two tenants with one of everything that can be read, and the real schema to read it with."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cordee_core.access.scope import Scope
from cordee_core.assessments.complete_assessment import AssessmentDraft, complete_assessment
from cordee_core.cases.interrupt_cases import InterruptDraft, interrupt_cases
from cordee_core.cases.move_case import MoveDraft, move_case
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.cases.record_request import RequestDraft, record_request
from cordee_core.cases.transfer_case import TransferDraft, request_transfer
from cordee_core.database.engine import CordeeEngine, LockedConnection, fetch
from cordee_core.database.unit_of_work import perform
from cordee_core.eligibility.evaluate_eligibility import (
    EligibilityDecision,
    EligibilityDraft,
    decide_eligibility,
    evaluate_eligibility,
)
from cordee_core.members.create_team import TeamDraft, create_team
from cordee_core.members.invite_member import InviteDraft, invite_member
from cordee_core.notes.add_note import NoteDraft, add_note
from cordee_core.people.define_field import define_field
from cordee_core.people.fields import FieldDraft
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.plugins.host import PluginHost
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.programmes.edit_programme import ProgrammeEdit, edit_programme
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent
from cordee_core.referrals.create_referral import ReferralDraft, create_referral
from cordee_core.referrals.move_referral import ReferralMove, send_referral
from cordee_core.selection.decide_selection import SelectionDraft, decide_selection
from cordee_core.services.create_service import ServiceDraft, create_service
from cordee_core.sharing.record_consent import ConsentDraft, record_consent
from cordee_graphql import ids
from cordee_graphql.backend import Database
from cordee_graphql.context import Context
from cordee_graphql.operation import Operation
from cordee_graphql.schema import CordeeSchema, build_schema

sys.path.insert(0, str(Path(__file__).parent))

from fill_circle import fill_circle
from fill_plans import fill_plans
from fill_staff import fill_staff
from levels_filled import fill_levels, fill_model, fill_waiting

TODAY = date(2026, 1, 15)
FACTS = {
    "days_until_homeless": 20, "health_difficulty": True, "income_difficulty": True,
    "isolation": False, "debts": False, "violence": False, "wants_support": True,
}  # fmt: skip
ODD = "Mystère"
"""A text that stands in every record of the first tenant which takes one."""


@dataclass
class Filled:
    """A tenant with one of everything: scopes by role and ids by the name of the type."""

    tenancy: Any
    engine: CordeeEngine
    uuids: dict[str, UUID] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Scope:
        return self.tenancy[role]

    def gid(self, kind: str) -> str:
        return ids.encode(kind, self.uuids[kind])

    async def do(self, role: str, use_case: Callable[..., Awaitable[Any]], draft: Any) -> Any:
        return (await perform(self.engine, self[role], "test", use_case, draft)).changed

    async def rows(self, query: str, *args: object) -> list[Any]:
        async with self.engine.transaction(cordee__context=self["referent"].signed()):
            return await fetch(query, *args)

    async def version(self, case: UUID) -> int:
        rows = await self.rows("SELECT row_version FROM core.cases WHERE id = $1", case)
        return int(rows[0]["row_version"])


async def fill(tenancy: Any, engine: CordeeEngine, odd: str) -> Filled:
    """Make one of everything in the tenant; the case is that of the role ``person``."""
    it = Filled(tenancy, engine)
    known = it.uuids
    known["Tenant"], known["Person"] = tenancy.id, tenancy.person
    known["Member"] = it["referent"].actor.id
    invite = InviteDraft(email=f"x@{tenancy.slug}.example", display_name=odd, roles=("reader",))
    known["Invitation"] = (await it.do("admin", invite_member, invite))["invitation"]
    team = TeamDraft(name=f"Équipe {odd}", members=(known["Member"],))
    known["Team"] = (await it.do("admin", create_team, team))["team"]
    field = FieldDraft(code="school", type="text", label={"en": odd, "fr": odd})
    await it.do("admin", define_field, field)
    await _programme(it)
    await _admitted(it, odd)
    await _worked_on(it, odd)
    await fill_levels(it, odd)
    await _lived_on(it, odd)
    await fill_staff(it, odd)
    await fill_plans(it, odd)
    await fill_circle(it, odd)
    for kind, table in (
        ("ProgrammeVersion", "programme_versions"), ("ModelVersion", "model_versions"),
        ("Model", "models"), ("TimelineEntry", "timeline_entries"),
        ("JournalEntry", "journal_entries"),
    ):  # fmt: skip
        known[kind] = (await it.rows(f"SELECT id FROM core.{table} ORDER BY id LIMIT 1"))[0]["id"]
    return it


async def _programme(it: Filled) -> None:
    copied = await it.do(
        "supervisor", copy_programme, CopyDraft(template="housing.support_to_housing")
    )
    it.uuids["Programme"] = programme = copied["programme"]
    await fill_model(it)
    edit = ProgrammeEdit(
        programme=programme, row_version=1, parts={"places": 12}, reason="Small town"
    )
    await it.do("supervisor", edit_programme, edit)
    await it.do("supervisor", activate_programme, ActivateDraft(programme=programme, row_version=2))


async def _admitted(it: Filled, odd: str) -> None:
    """A case that was admitted and is in assessment."""
    opened = await it.do("referent", open_case, CaseDraft(
        person=it.uuids["Person"], programme=it.uuids["Programme"], request_source="self",
        requested_on=TODAY, request_detail=odd, team=it.uuids["Team"],
    ))  # fmt: skip
    it.uuids["Case"] = case = opened["case"]
    decided = await it.do("referent", decide_selection, SelectionDraft(
        case=case, facts=FACTS, decision="admitted", reason=odd, on=TODAY, wait=True,
    ))  # fmt: skip
    it.uuids["SelectionDecision"] = decided["decision"]
    await fill_waiting(it, decided["waiting_entry"])
    given = await it.do("referent", record_consent, ConsentDraft(
        case=case, language="fr", given_on=TODAY, information_given_on=TODAY, form="signed",
        legal_basis_note=odd,
    ))  # fmt: skip
    it.uuids["Consent"] = given["consent"]
    await it.do("supervisor", designate_referent, DesignationDraft(
        case=case, row_version=await it.version(case), member=it.uuids["Member"],
    ))  # fmt: skip
    move = MoveDraft(case=case, row_version=await it.version(case), target="assessment")
    await it.do("referent", move_case, move)


async def _worked_on(it: Filled, odd: str) -> None:
    """Note, assessment, eligibility with its decision, own service, referral sent."""
    case, known = it.uuids["Case"], it.uuids
    known["Note"] = (await it.do("referent", add_note, NoteDraft(case=case, text=odd)))["note"]
    assessed = await it.do("referent", complete_assessment, AssessmentDraft(
        case=case, instrument="housing.ethos_light", answers={"living_situation": "hostel"},
        assessed_on=TODAY,
    ))  # fmt: skip
    known["Assessment"] = assessed["assessment"]
    evaluated = await it.do("referent", evaluate_eligibility, EligibilityDraft(
        case=case, rule="housing.uk_homeless_duty", on=TODAY, facts={"days_until_homeless": 30},
    ))  # fmt: skip
    known["EligibilityResult"] = evaluated["result"]
    await it.do("referent", decide_eligibility, EligibilityDecision(
        result=evaluated["result"], row_version=1, decision="postponed", reason=odd,
    ))  # fmt: skip
    text = {"en": odd, "fr": odd}
    service = ServiceDraft(code="own-bed", name=text, description=text, kind="accompagnement")
    known["Service"] = (await it.do("admin", create_service, service))["service"]
    referral = ReferralDraft(case=case, service=known["Service"], reason=odd)
    known["Referral"] = (await it.do("referent", create_referral, referral))["referral"]
    await it.do("referent", send_referral, ReferralMove(referral=known["Referral"], row_version=1))


async def _lived_on(it: Filled, odd: str) -> None:
    """A request without a case, a transfer that is asked for, an interruption that reaches none."""
    case, known = it.uuids["Case"], it.uuids
    request = RequestDraft(
        source="self", outcome="information", topic=odd, answer=odd, received_on=TODAY,
        person=known["Person"],
    )  # fmt: skip
    known["Request"] = (await it.do("referent", record_request, request))["request"]
    transfer = TransferDraft(
        case=case, row_version=await it.version(case), programme=known["Programme"], reason=odd,
        receiver=it["supervisor"].actor.id, team=known["Team"],
    )  # fmt: skip
    known["Transfer"] = (await it.do("referent", request_transfer, transfer))["transfer"]
    act = InterruptDraft(cases=(case,), reason=odd, resume=True)
    known["Interruption"] = (await it.do("supervisor", interrupt_cases, act))["interruption"]


@pytest.fixture(scope="session")
async def both(tenants: Any, engine: CordeeEngine) -> tuple[Filled, Filled]:
    """Two tenants with one of everything; only to be read."""
    first, second = tenants
    return await fill(first, engine, ODD), await fill(second, engine, "Ordinaire")


@pytest.fixture(scope="session")
def real(host: PluginHost) -> CordeeSchema:
    """The schema of the installation."""
    return build_schema(host, strict=True)


@dataclass
class Reader:
    """Runs queries on the real schema and counts what they send to the database."""

    schema: CordeeSchema
    engine: CordeeEngine
    statements: list[str] = field(default_factory=list)

    async def ask(
        self, scope: Scope | None, query: str, *, language: str = "en", **variables: Any
    ) -> dict[str, Any]:
        """Return the whole answer."""
        operation = Operation(Database(self.engine), scope, language=language, request_id="r-1")  # type: ignore[arg-type]
        self.statements.clear()
        result = await self.schema.execute(
            query, variable_values=variables, context_value=Context(operation)
        )
        errors = [error.formatted for error in result.errors or ()]
        return {"data": result.data, "errors": errors}

    async def data(self, scope: Scope | None, query: str, **options: Any) -> Any:
        """Return the data of an answer without errors."""
        answer = await self.ask(scope, query, **options)
        assert answer["errors"] == []
        return answer["data"]


@pytest.fixture
async def reader(
    real: CordeeSchema, engine: CordeeEngine, monkeypatch: pytest.MonkeyPatch
) -> Reader:
    """A reader of this test."""
    found = Reader(real, engine)
    send = LockedConnection.fetch

    async def counted(self: LockedConnection, query: str, *args: object) -> Any:
        found.statements.append(query)
        return await send(self, query, *args)

    monkeypatch.setattr(LockedConnection, "fetch", counted)
    return found


@pytest.fixture
async def register(engine: CordeeEngine) -> Callable[..., Awaitable[UUID]]:
    """Register a person in a tenant."""

    async def run(tenancy: Any, name: str) -> UUID:
        draft = PersonDraft(family_name=name)
        made = await perform(engine, tenancy["referent"], "test", register_person, draft)
        return made.changed["person"]

    return run
