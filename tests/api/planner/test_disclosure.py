"""Protected persons on both roads: the same answer at every level, and nothing of who is hidden."""

from datetime import date
from typing import Any

import pytest

from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.notes.add_note import NoteDraft, add_note
from cordee_core.people.disclosure import LEVELS
from cordee_core.people.protect_person import (
    AccessDraft,
    ProtectDraft,
    grant_access,
    protect_person,
)
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_graphql import ids

LEAVES = """id number createdAt rowVersion protection disclosure familyName givenNames birthDate
  birthDatePrecision sex gender languages languagesRead interpreterNeeded phone email safeContact"""
PERSON = f"query ($id: ID!) {{ person(id: $id) {{ {LEAVES} }} }}"
LIST = f"{{ persons(first: 100) {{ totalCount nodes {{ {LEAVES} }} }} }}"
PROTECTED = LIST.replace("first: 100", "first: 100, filter: {protected: true}")
CASES = f"{{ cases(first: 100) {{ totalCount nodes {{ id person {{ {LEAVES} }} }} }} }}"
ROLES = ("supervisor", "referent", "team_member", "reader", "person")


async def sheltered(it: Any, level: str) -> dict[str, Any]:
    """A protected person of whom every member is shown `level`, with a case and a note in it."""
    draft = PersonDraft(
        family_name="Abritée", given_names="Nour", birth_date=date(1990, 2, 1),
        birth_date_precision="day", sex="female", gender="woman", languages=("fr",), phone="1",
        interpreter_needed=False, email="a@b.org", safe_contact="x",
    )  # fmt: skip
    person = (await it.do("referent", register_person, draft))["person"]
    opened = await it.do("referent", open_case, CaseDraft(
        person=person, programme=it.uuids["Programme"], request_source="self",
        requested_on=date(2026, 1, 1),
    ))  # fmt: skip
    note = await it.do("referent", add_note, NoteDraft(case=opened["case"], text="Abri"))
    protect = ProtectDraft(
        person=person, row_version=1, protection="restricted", disclosure=level, reason="Threats"
    )
    await it.do("referent", protect_person, protect)
    return {"person": person, "case": opened["case"], "note": note["note"]}


@pytest.mark.parametrize("level", LEVELS)
async def test_both_roads_show_the_same_of_a_protected_person(
    roads: Any, sheltering: Any, filled: Any, level: str
) -> None:
    it = sheltering
    made = await sheltered(it, level)
    gid = ids.encode("Person", made["person"])
    for role in ROLES:
        for language in ("en", "fr"):
            answer = await roads.both(it[role], PERSON, {"id": gid}, language=language)
        shown = answer.shown["person"]
        if role == "referent":
            assert (shown["disclosure"], shown["phone"]) == ("FULL", "1")
        elif role == "person" or level == "none":
            assert shown is None
        else:
            assert shown["disclosure"] == level.upper()
            assert (shown["phone"] is None) is (level != "full")
            assert (shown["familyName"] is None) is (level == "exists")
        for text in (LIST, PROTECTED, CASES):
            await roads.both(it[role], text)
    stranger = await roads.both(filled[0]["supervisor"], PERSON, {"id": gid})
    assert stranger.shown["person"] is None


async def test_a_person_who_is_open_to_all_is_written_in_sql(roads: Any, sheltering: Any) -> None:
    it = sheltering
    gid = ids.encode("Person", it.uuids["Person"])
    answer = await roads.both(it["reader"], PERSON, {"id": gid})
    assert answer.shown["person"]["disclosure"] == "FULL"
    assert not answer.plans["person"][1]


async def test_what_was_granted_raises_the_level_on_both_roads(roads: Any, sheltering: Any) -> None:
    it = sheltering
    made = await sheltered(it, "none")
    gid = ids.encode("Person", made["person"])
    grant = AccessDraft(
        person=made["person"], member=it["reader"].actor.id, reason="Reads the post", level="name"
    )
    await it.do("referent", grant_access, grant)
    answer = await roads.both(it["reader"], PERSON, {"id": gid})
    shown = answer.shown["person"]
    assert (shown["disclosure"], shown["familyName"], shown["sex"]) == ("NAME", "Abritée", None)
    assert (await roads.both(it["team_member"], PERSON, {"id": gid})).shown["person"] is None


@pytest.mark.parametrize("kind", ["case", "note"])
async def test_a_link_to_what_is_about_a_hidden_person_leads_nowhere(
    roads: Any, sheltering: Any, kind: str
) -> None:
    it = sheltering
    made = await sheltered(it, "summary")
    gid = ids.encode(kind.title(), made[kind])
    text = "query ($id: ID!) { node(id: $id) { id } }"
    for role in ("supervisor", "team_member", "reader"):
        answer = await roads.both(it[role], text, {"id": gid})
        assert answer.shown == {"node": None}, role
        assert answer.persons == set()
    assert (await roads.both(it["referent"], text, {"id": gid})).shown == {"node": {"id": gid}}


async def test_lists_and_counts_are_as_if_they_were_not_there(roads: Any, sheltering: Any) -> None:
    it = sheltering
    before = {role: (await roads.both(it[role], LIST)).shown for role in ROLES}
    cases = {role: (await roads.both(it[role], CASES)).shown for role in ROLES}
    await sheltered(it, "none")
    for role in ROLES:
        assert (await roads.both(it[role], LIST)).shown == before[role]
        if role != "referent":
            assert (await roads.both(it[role], CASES)).shown == cases[role]
