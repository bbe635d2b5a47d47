"""Who reads what: the six roles, own records, and the journal of reads."""

from datetime import date
from typing import Any

import pytest

from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.notes.add_note import NoteDraft, add_note
from cordee_core.settings import Settings
from cordee_graphql import ids
from cordee_graphql.backend import Database
from cordee_graphql.context import Context, Installation
from cordee_graphql.operation import Operation

CASE = """query Read($id: ID!) { case(id: $id) {
  number person { familyName } referent { displayName email } team { name }
  notes { nodes { text author { displayName } } } timeline { totalCount } consents { form }
  selectionDecision { decision reason because { code } } transitions { stage }
} }"""
PRIVATE = """{ persons { nodes { id } } cases { nodes { id } } }"""
LATEST = """{ journal(filter: {kind: %s}, first: 1) { totalCount nodes { action subjectIds
  fields code member { displayName } requestId } } }"""


async def journalled(reader: Any, tenant: Any, kind: str) -> dict[str, Any]:
    return (await reader.data(tenant["supervisor"], LATEST % kind))["journal"]


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


@pytest.mark.parametrize("role", ["supervisor", "referent", "team_member", "reader", "person"])
async def test_who_may_read_the_case_reads_all_of_it(both, reader, role):
    ours, _ = both
    case = (await reader.data(ours[role], CASE, id=ours.gid("Case")))["case"]
    assert case["person"] == {"familyName": "Martin"}
    assert case["referent"] == {
        "displayName": "Referent",
        "email": f"referent@{ours.tenancy.slug}.example" if role == "referent" else None,
    }
    assert case["selectionDecision"]["decision"] == "ADMITTED"
    assert case["consents"] == [{"form": "SIGNED"}]
    assert [note["author"] for note in case["notes"]["nodes"]] == [{"displayName": "Referent"}]
    assert case["timeline"]["totalCount"] >= 10


async def test_an_admin_reads_no_personal_record(both, reader):
    ours, _ = both
    answer = await reader.ask(ours["admin"], PRIVATE)
    assert answer["data"] == {"persons": None, "cases": None}
    assert codes(answer) == ["FORBIDDEN", "FORBIDDEN"]
    for kind in ("Person", "Case", "Note", "Assessment", "EligibilityResult", "Consent", "Referral",
                 "SelectionDecision", "TimelineEntry"):  # fmt: skip
        answer = await reader.ask(
            ours["admin"], "query N($id: ID!) { node(id: $id) { id } }", id=ours.gid(kind)
        )
        assert answer["data"] == {"node": None}
        assert codes(answer) == ["FORBIDDEN"], kind


async def test_an_object_that_is_refused_does_not_hide_the_others(both, reader):
    ours, theirs = both
    gids = [ours.gid("Invitation"), ours.gid("Case"), theirs.gid("Case"), ours.gid("Note")]
    answer = await reader.ask(
        ours["supervisor"], "query N($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=gids
    )
    assert answer["data"]["nodes"] == [None, {"id": gids[1]}, None, {"id": gids[3]}]
    assert [error["path"] for error in answer["errors"]] == [["nodes", 0]]
    assert codes(answer) == ["FORBIDDEN"]


async def test_a_person_reads_only_the_own_record(both, reader, register):
    ours, _ = both
    other = ids.encode("Person", await register(ours.tenancy, "Autre"))
    data = await reader.data(
        ours["person"],
        """{ persons { totalCount nodes { id cases {
      nodes { id } } } } cases { totalCount nodes { id } } }""",
    )
    own = {"totalCount": 1, "nodes": [{"id": ours.gid("Case")}]}
    assert data["cases"] == own
    assert data["persons"] == {
        "totalCount": 1,
        "nodes": [{"id": ours.gid("Person"), "cases": {"nodes": own["nodes"]}}],
    }
    for text in ("{ person(id: %r) { id } }", "{ node(id: %r) { id } }"):
        answer = await reader.ask(ours["person"], (text % other).replace("'", '"'))
        assert codes(answer) == ["NOT_FOUND"]


async def test_a_person_reads_nothing_of_another_ones_case(both, reader, register):
    ours, _ = both
    case = await ours.do("referent", open_case, CaseDraft(
        person=await register(ours.tenancy, "Autre"), programme=ours.uuids["Programme"],
        request_source="relative", requested_on=date(2026, 1, 15),
    ))  # fmt: skip
    note = await ours.do("referent", add_note, NoteDraft(case=case["case"], text="Entre nous"))
    entry = (
        await ours.rows("SELECT id FROM core.timeline_entries WHERE case_id = $1", case["case"])
    )[0]
    for kind, uuid in (
        ("Case", case["case"]),
        ("Note", note["note"]),
        ("TimelineEntry", entry["id"]),
    ):
        text = "query N($id: ID!) { node(id: $id) { id } }"
        gid = ids.encode(kind, uuid)
        assert codes(await reader.ask(ours["person"], text, id=gid)) == ["NOT_FOUND"], kind
        assert (await reader.data(ours["reader"], text, id=gid))["node"] == {"id": gid}


async def test_a_person_has_no_list_of_members_and_no_journal(both, reader):
    ours, _ = both
    answer = await reader.ask(
        ours["person"],
        """{ members { nodes { id } } teams { nodes { id } } journal { nodes {
          id } } viewer { member { roles email } tenant { slug } permissions } }""",
    )
    assert codes(answer) == ["FORBIDDEN"] * 3
    assert answer["data"]["viewer"] == {
        "member": {"roles": ["PERSON"], "email": f"person@{ours.tenancy.slug}.example"},
        "tenant": {"slug": ours.tenancy.slug},
        "permissions": [
            "case.read",
            "journal.read",
            "person.read",
            "person.sensitive",
            "programme.read",
            "service.read",
            "voice.write",
        ],
    }


async def test_addresses_are_for_the_admin_and_oneself(both, reader):
    ours, _ = both
    text = "{ members { nodes { roles email } } }"
    seen = (await reader.data(ours["admin"], text))["members"]["nodes"]
    assert all(one["email"] for one in seen)
    seen = (await reader.data(ours["reader"], text))["members"]["nodes"]
    assert [one["roles"] for one in seen if one["email"]] == [["READER"]]


async def test_settings_are_for_who_manages_plugins(both, reader):
    ours, _ = both
    text = "{ plugins { name state enabled settings instruments } }"
    plugins = (await reader.data(ours["admin"], text))["plugins"]
    assert [one["name"] for one in plugins] == [
        "child_protection",
        "employment",
        "health",
        "housing",
    ]
    assert [one["enabled"] for one in plugins] == [False, False, False, True]
    assert {one["state"] for one in plugins} == {"READY"}
    assert plugins[-1]["settings"] is not None
    answer = await reader.ask(ours["reader"], text)
    assert {one["settings"] for one in answer["data"]["plugins"]} == {None}


async def test_one_entry_says_whose_record_an_operation_read(both, reader):
    ours, _ = both
    before = (await journalled(reader, ours, "READ"))["totalCount"]
    await reader.data(ours["referent"], CASE, id=ours.gid("Case"))
    found = await journalled(reader, ours, "READ")
    assert found["totalCount"] == before + 1
    assert found["nodes"] == [{
        "action": "Read", "subjectIds": [ours.gid("Person")], "fields": [], "code": None,
        "member": {"displayName": "Referent"}, "requestId": None,
    }]  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["Note", "Assessment", "EligibilityResult", "Consent", "Referral", "SelectionDecision",
             "TimelineEntry", "Case", "Person"],
)  # fmt: skip
async def test_each_record_of_a_person_is_journalled_when_read(both, reader, kind):
    ours, _ = both
    before = (await journalled(reader, ours, "READ"))["totalCount"]
    await reader.data(
        ours["reader"], "query N($id: ID!) { node(id: $id) { id } }", id=ours.gid(kind)
    )
    found = await journalled(reader, ours, "READ")
    assert (found["totalCount"], found["nodes"][0]["subjectIds"]) == (
        before + 1,
        [ours.gid("Person")],
    )


async def test_a_page_journals_only_whom_it_shows(both, reader, register):
    ours, _ = both
    shown = ids.encode("Person", await register(ours.tenancy, "Dernière"))
    data = await reader.data(
        ours["reader"],
        """{ persons(first: 1) { nodes { id } pageInfo {
      hasNextPage } } }""",
    )
    assert data["persons"] == {"nodes": [{"id": shown}], "pageInfo": {"hasNextPage": True}}
    assert (await journalled(reader, ours, "READ"))["nodes"][0]["subjectIds"] == [shown]


async def test_what_is_no_personal_record_is_not_journalled(both, reader):
    ours, _ = both
    before = (await journalled(reader, ours, "READ"))["totalCount"]
    await reader.data(
        ours["referent"],
        """{ services { nodes { id } } programmes { nodes { id } } members {
          nodes { id } } rules { code } }""",
    )
    assert (await journalled(reader, ours, "READ"))["totalCount"] == before


async def test_a_denial_is_journalled(both, reader):
    ours, _ = both
    before = (await journalled(reader, ours, "DENIED"))["totalCount"]
    await reader.ask(ours["admin"], "{ persons { nodes { id } } }")
    found = await journalled(reader, ours, "DENIED")
    assert found["totalCount"] == before + 1
    entry = found["nodes"][0]
    assert (entry["action"], entry["fields"], entry["code"]) == (
        "persons",
        ["person.read"],
        "forbidden",
    )


async def test_plans_need_no_token_and_nothing_else_does(reader, engine, host, cluster):
    installation = Installation(engine, host, cluster.keys, Settings())

    async def ask(query: str) -> Any:
        operation = Operation(Database(engine), None, language="fr")
        return await reader.schema.execute(query, context_value=Context(operation, installation))

    assert (await ask("{ plans { code title memberLimit } }")).data == {"plans": [
        {"code": "starter", "title": "Découverte", "memberLimit": 5},
        {"code": "standard", "title": "Standard", "memberLimit": 100},
    ]}  # fmt: skip
    refused = await ask("{ plans { code } plugins { name } }")
    assert refused.data is None
    assert refused.errors[0].extensions["code"] == "UNAUTHENTICATED"
