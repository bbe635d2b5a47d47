"""Protected and merged persons through the API: what is shown, to whom, and where links lead."""

from typing import Any

import pytest
from refusals import refused

RECORD = """id number familyName givenNames names { kind familyName givenNames script }
  birthDate birthDatePrecision sex gender languages languagesRead interpreterNeeded phone email
  contactPoints { kind value note safe } safeContact unanswered { field reason }
  extra { code label value unanswered } protection disclosure rowVersion"""
SEARCH = """query ($text: String!) { personSearch(text: $text) { complete
  persons { totalCount nodes { id } } } }"""


async def register(world: Any, **given: Any) -> Any:
    payload = await world.client.do(
        world.tokens["referent"], "personRegister", {"familyName": "Étoile", **given},
        f"person {{ {RECORD} }}",
    )  # fmt: skip
    return payload["person"]


async def ask(world: Any, role: str, query: str, language: str = "en", /, **variables: Any) -> Any:
    return await world.client.ask(
        query, variables=variables, token=world.tokens[role], language=language
    )


async def node(world: Any, role: str, person: str, want: str) -> Any:
    text = f"query ($id: ID!) {{ node(id: $id) {{ ... on Person {{ {want} }} }} }}"
    return await ask(world, role, text, id=person)


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", ())]


async def protect(world: Any, person: Any, **more: Any) -> Any:
    given = {
        "personId": person["id"], "rowVersion": person["rowVersion"], "protection": "RESTRICTED",
        "reason": "Threats", **more,
    }  # fmt: skip
    payload = await world.client.do(
        world.tokens["referent"], "personProtect", given, f"person {{ {RECORD} }}"
    )
    return payload["person"]


LISTS = "{ persons { totalCount nodes { id } } }"
WANT = {
    "none": {},
    "exists": {"number", "protection", "disclosure", "rowVersion"},
    "name": {"familyName", "givenNames", "names"},
    "summary": {
        "birthDate", "birthDatePrecision", "sex", "gender", "languages", "languagesRead",
        "interpreterNeeded",
    },
    "full": {"phone", "email", "contactPoints", "safeContact", "unanswered", "extra"},
}  # fmt: skip
FULL = {
    "givenNames": "Nour", "names": [{"kind": "ALIAS", "familyName": "X"}],
    "birthDate": "1990-02-01", "birthDatePrecision": "DAY", "sex": "FEMALE", "gender": "WOMAN",
    "languages": ["fr"], "languagesRead": ["fr"], "interpreterNeeded": False,
    "phone": "0612345678", "email": "a@b.org", "safeContact": "x",
    "contactPoints": [{"kind": "PHONE", "value": "1"}],
}  # fmt: skip


@pytest.mark.parametrize("level", list(WANT))
async def test_each_level_shows_what_it_shows_and_null_with_an_error_above(
    world: Any, level: str
) -> None:
    person = await register(world, **FULL)
    await protect(world, person, disclosure=level.upper())
    answer = await node(world, "reader", person["id"], RECORD)
    if level == "none":
        assert (answer["data"], codes(answer)) == ({"node": None}, ["NOT_FOUND"])
        return
    found, order = answer["data"]["node"], list(WANT)
    shown = {name for one in order[: order.index(level) + 1] for name in WANT[one]}
    hidden = {name for names in WANT.values() for name in names} - shown
    assert found["disclosure"] == level.upper()
    assert all(found[name] is not None for name in shown), found
    assert all(found[name] is None for name in hidden), found
    assert {error["path"][-1] for error in answer.get("errors", ())} == hidden
    assert set(codes(answer)) <= {"NOT_DISCLOSED"}


async def test_a_protected_person_is_in_no_list_and_no_count(world: Any) -> None:
    before = (await ask(world, "reader", LISTS))["data"]["persons"]
    person = await register(world)
    await protect(world, person)
    for role in ("reader", "supervisor", "referent"):
        assert (await ask(world, role, LISTS))["data"]["persons"] == before
        found = (await ask(world, role, SEARCH, text="etoile"))["data"]["personSearch"]["persons"]
        assert (found["totalCount"], found["nodes"]) == (0, [])
    text = "{ persons(filter: {protected: true}) { nodes { id } } }"
    mine = (await ask(world, "referent", text))["data"]["persons"]["nodes"]
    assert mine == [{"id": person["id"]}]
    assert (await ask(world, "supervisor", text))["data"]["persons"]["nodes"] == []


async def test_a_link_to_a_protected_person_leads_nowhere_without_access(world: Any) -> None:
    await world.open()
    gid = world.ids["person"]
    want = "id rowVersion familyName"
    person = (await node(world, "referent", gid, want))["data"]["node"]
    await protect(world, person)
    case = "query ($id: ID!) { case(id: $id) { id person { id } } }"
    for role in ("reader", "supervisor"):
        assert codes(await node(world, role, gid, want)) == ["NOT_FOUND"]
        assert codes(await ask(world, role, case, id=world.ids["case"])) == ["NOT_FOUND"]
    mine = await ask(world, "referent", case, id=world.ids["case"])
    assert mine["data"]["case"]["person"] == {"id": gid}
    for name, given in (
        ("personUpdate", {"personId": gid, "rowVersion": 1, "phone": "1"}),
        ("personIdentifierAdd", {"personId": gid, "rowVersion": 1, "kind": "odd", "value": "1"}),
    ):
        await refused(world, "team_member", name, given, "NOT_FOUND", "input", "personId")


async def test_access_is_granted_shown_and_ended(world: Any) -> None:
    person = await protect(world, await register(world))
    grant = {"personId": person["id"], "memberId": world.ids["member"], "reason": "Review"}
    await refused(world, "supervisor", "personAccessGrant", grant, "NOT_FOUND", "input", "personId")
    want = "person { access { source level reason member { id } } }"
    payload = await world.client.do(world.tokens["referent"], "personAccessGrant", grant, want)
    assert {(one["source"], one["level"]) for one in payload["person"]["access"]} == {
        ("GRANTED", "FULL")
    }
    end = {**grant, "reason": "Over"}
    await world.client.do(world.tokens["referent"], "personAccessEnd", end, "person { id }")
    assert codes(await node(world, "referent", person["id"], "id")) == ["NOT_FOUND"]


async def test_a_coded_person_has_a_reference_and_nothing_to_read(world: Any) -> None:
    payload = await world.client.do(
        world.tokens["referent"], "personRegister", {"coded": True}, f"person {{ {RECORD} }}"
    )
    person = payload["person"]
    assert person["number"].startswith("C-")
    assert (person["familyName"], person["protection"]) == (None, "CODED")
    assert codes(await node(world, "supervisor", person["id"], "id")) == ["NOT_FOUND"]


async def test_a_merged_record_says_where_it_went_and_comes_back(world: Any) -> None:
    await world.open()
    other = await register(world, familyName="Etoile")
    merge = {
        "personId": world.ids["person"], "rowVersion": 1, "intoId": other["id"],
        "intoRowVersion": 1, "reason": "Same birth certificate",
    }  # fmt: skip
    want = "person { id cases { nodes { id } } } merged { id mergedInto { id } rowVersion }"
    payload = await world.client.do(world.tokens["supervisor"], "personMerge", merge, want)
    assert payload["person"]["cases"]["nodes"] == [{"id": world.ids["case"]}]
    assert payload["merged"]["mergedInto"] == {"id": other["id"]}
    found = await node(world, "reader", world.ids["person"], "id mergedInto { id familyName }")
    assert found["data"]["node"]["mergedInto"] == {"id": other["id"], "familyName": "Etoile"}
    listed = (await ask(world, "reader", LISTS))["data"]["persons"]["nodes"]
    assert {"id": world.ids["person"]} not in listed
    patch = {"personId": world.ids["person"], "rowVersion": 2, "phone": "1"}
    await refused(world, "referent", "personUpdate", patch, "PERSON_MERGED")
    undo = {"personId": world.ids["person"], "rowVersion": 2, "reason": "Two cousins"}
    want = (
        "person { id mergedInto { id } cases { nodes { id } } } into { id cases { nodes { id } } }"
    )
    apart = await world.client.do(world.tokens["supervisor"], "personUnmerge", undo, want)
    assert apart["person"] == {
        "id": world.ids["person"], "mergedInto": None,
        "cases": {"nodes": [{"id": world.ids["case"]}]},
    }  # fmt: skip
    assert apart["into"]["cases"]["nodes"] == []


async def test_duplicates_are_shown_with_score_and_reasons(world: Any) -> None:
    born = {"birthDate": "1990-02-01", "birthDatePrecision": "DAY"}
    old = await register(world, givenNames="Nour", **born)
    new = await register(world, familyName="ETOILE", givenNames="nour", **born)
    want = "duplicates { score person { id } reasons { code points text } }"
    for language, text in (("en", "the same name"), ("fr", "le même nom")):
        query = f"query ($id: ID!) {{ person(id: $id) {{ {want} }} }}"
        answer = await ask(world, "reader", query, language, id=new["id"])
        (found,) = answer["data"]["person"]["duplicates"]
        assert (found["score"], found["person"]) == (85, {"id": old["id"]})
        assert found["reasons"][0] == {"code": "same_name", "points": 50, "text": text}
