"""Places are respected whoever decides at the same time."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from cordee_core.cases.consequences import Move
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.cases.tables import Case
from cordee_core.database.engine import CordeeEngine
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import UnitOfWork, perform
from cordee_core.errors import StaleObjectError, TransitionBlockedError
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.programmes.edit_programme import ProgrammeEdit, edit_programme
from cordee_core.selection.decide_selection import SelectionDraft, decide_selection
from cordee_core.selection.places import follow_case
from cordee_core.selection.queries import places_taken
from cordee_core.selection.waiting import AdmitDraft, admit_next

TODAY = date(2026, 1, 15)
PLACES, CASES = 3, 7


class Ground:
    """A tenant whose programme has few places."""

    def __init__(self, engine: CordeeEngine, tenant: Any) -> None:
        self.engine, self.tenant = engine, tenant
        self.programme = UUID(int=0)

    async def do(self, use_case: Any, draft: Any) -> Any:
        return (await perform(self.engine, self.tenant["supervisor"], "t", use_case, draft)).changed

    async def activate(self, version: int, places: int) -> None:
        edit = ProgrammeEdit(
            programme=self.programme, row_version=version, parts={"places": places}
        )
        await self.do(edit_programme, edit)
        draft = ActivateDraft(programme=self.programme, row_version=version + 1)
        await self.do(activate_programme, draft)

    async def case(self) -> UUID:
        person = await self.do(register_person, PersonDraft(family_name="One"))
        draft = CaseDraft(
            person=person["person"], programme=self.programme, request_source="self",
            requested_on=TODAY,
        )  # fmt: skip
        return UUID(str((await self.do(open_case, draft))["case"]))

    async def decide(self, case: UUID) -> UUID | None:
        draft = SelectionDraft(case=case, facts={}, decision="admitted", reason="r", on=TODAY)
        found: UUID | None = (await self.do(decide_selection, draft)).get("waiting_entry")
        return found

    async def taken(self) -> int:
        async with self.engine.transaction(cordee__context=self.tenant["supervisor"].signed()):
            return await places_taken(self.programme)


async def ground_of(engine: CordeeEngine, tenant: Any) -> Ground:
    ground = Ground(engine, tenant)
    copied = await ground.do(copy_programme, CopyDraft(template="housing.support_to_housing"))
    ground.programme = copied["programme"]
    await ground.activate(1, PLACES)
    return ground


async def test_simultaneous_decisions_never_take_more_than_the_places(
    engine: CordeeEngine, tenant: Any
) -> None:
    ground = await ground_of(engine, tenant)
    cases = [await ground.case() for _ in range(CASES)]
    waiting = await asyncio.gather(*(ground.decide(case) for case in cases))
    assert await ground.taken() == PLACES
    assert sum(entry is None for entry in waiting) == PLACES


async def test_one_free_place_goes_to_one_case(engine: CordeeEngine, tenant: Any) -> None:
    ground = await ground_of(engine, tenant)
    await ground.activate(3, 0)
    entries = [await ground.decide(await ground.case()) for _ in range(4)]
    await ground.activate(5, 1)

    async def admit(entry: UUID | None) -> bool:
        assert entry is not None
        try:
            await ground.do(admit_next, AdmitDraft(entry=entry, row_version=1, reason="r"))
        except (TransitionBlockedError, StaleObjectError):
            return False
        return True

    assert sum(await asyncio.gather(*(admit(entry) for entry in entries))) == 1
    assert await ground.taken() == 1


@pytest.mark.parametrize("end", ["closed", "transferred", "refused", "merged"])
async def test_a_place_is_free_again_when_its_case_ends(
    engine: CordeeEngine, tenant: Any, end: str
) -> None:
    ground = await ground_of(engine, tenant)
    case = await ground.case()
    await ground.decide(case)
    assert await ground.taken() == 1

    async def enter(uow: UnitOfWork, stage: str) -> dict[str, UUID]:
        row = await find(Case, case)
        await follow_case(uow, Move(row, row["stage"], stage, uow.scope.clock()))
        return {}

    await ground.do(enter, "assessment")
    assert await ground.taken() == 1
    await ground.do(enter, end)
    assert await ground.taken() == 0
    await ground.do(enter, "reopened")
    assert await ground.taken() == 1
