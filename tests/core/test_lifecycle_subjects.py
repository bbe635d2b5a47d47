"""Whom cases are about: persons, households, groups; and requests that need no case."""

from typing import Any
from uuid import uuid4

import pytest
from lifecycle_world import TODAY, World, make_world

from cordee_core.cases.record_request import RequestDraft, record_request
from cordee_core.database.engine import CordeeEngine
from cordee_core.errors import InvalidInputError, NotFoundError, TransitionBlockedError
from cordee_core.sharing.record_consent import ConsentDraft, record_consent
from cordee_core.tallies.queries import recounted, tallies


@pytest.fixture
async def world(engine: CordeeEngine, tenant: Any) -> World:
    return await make_world(engine, tenant)


async def test_a_request_without_a_case_is_recorded_and_counted(world: World) -> None:
    for outcome in ("information", "orientation", "orientation"):
        draft = RequestDraft(
            source="self", outcome=outcome, topic="Où dormir ?", answer="115", received_on=TODAY
        )
        await world.do("team_member", record_request, draft)
    async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
        counted = await tallies()
        assert counted == await recounted()
    assert counted["request_outcome"] == {"information": 1, "orientation": 2}
    assert await world.rows("SELECT 1 FROM core.cases") == []


@pytest.mark.parametrize(
    ("changed", "where"),
    [({"outcome": "case"}, "outcome"), ({"topic": ""}, "topic"), ({"answer": " "}, "answer")],
)
async def test_a_request_that_says_too_little(world: World, changed: Any, where: str) -> None:
    given = {
        "source": "self", "outcome": "information", "topic": "a", "answer": "b",
        "received_on": TODAY, **changed,
    }  # fmt: skip
    with pytest.raises(InvalidInputError) as wrong:
        await world.do("referent", record_request, RequestDraft(**given))
    assert wrong.value.path == ("input", where)


async def test_a_household_case_asks_each_person_for_consent(world: World) -> None:
    persons = (await world.person("Un"), await world.person("Deux"))
    case = await world.open(household=persons)
    row = await world.case(case)
    assert (row["subject_kind"], row["person_id"]) == ("household", None)
    await world.decide(case)
    await world.designate(case)
    await world.consent(case, person=persons[0])
    with pytest.raises(TransitionBlockedError) as blocked:
        await world.move(case, "assessment")
    assert blocked.value.params["codes"] == ["consent_missing"]
    await world.consent(case, person=persons[1])
    await world.move(case, "assessment")
    rows = await world.rows(
        "SELECT subjects FROM core.journal_entries WHERE kind = 'write' AND action = 'test'"
        " ORDER BY id DESC LIMIT 1"
    )
    assert set(rows[0]["subjects"]) >= set(persons)


async def test_somebody_outside_the_household_does_not_consent_for_it(world: World) -> None:
    case = await world.open(household=(await world.person("Un"), await world.person("Deux")))
    for person in (None, await world.person("Trois")):
        draft = ConsentDraft(
            case=case, language="fr", given_on=TODAY, information_given_on=TODAY, form="signed",
            person=person,
        )  # fmt: skip
        with pytest.raises(InvalidInputError) as wrong:
            await world.do("referent", record_consent, draft)
        assert wrong.value.path == ("input", "personId")


async def test_a_group_has_a_size_and_no_names(world: World) -> None:
    case = await world.open(group_label="Familles du quartier", group_size=12)
    row = await world.case(case)
    assert (row["subject_kind"], row["person_id"], row["group_size"]) == ("group", None, 12)
    await world.decide(case)
    await world.designate(case)
    await world.move(case, "assessment")
    assert (await world.case(case))["stage"] == "assessment"


async def test_a_case_is_about_one_of_the_three(world: World) -> None:
    person = await world.person()
    for given in (
        {"person": person, "group_label": "x", "group_size": 3},
        {"person": None, "group_label": None, "household": ()},
        {"group_label": "Sans taille"},
        {"group_label": "Trop petit", "group_size": 1},
        {"household": (person, person)},
    ):
        with pytest.raises(InvalidInputError):
            await world.open(**given)
    with pytest.raises(NotFoundError):
        await world.open(household=(person, uuid4()))
