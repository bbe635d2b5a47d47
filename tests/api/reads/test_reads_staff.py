"""What belongs to those who work is read: whole by who may, the own part by who reaches no more."""

from dataclasses import replace

import pytest
from graphql import get_named_type, is_leaf_type, is_non_null_type

from cordee_core.access.permissions import Permission, Reach
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_graphql import ids

KINDS = {
    "OwnRole", "InterestConflict", "FieldAssignment", "FieldReport", "EthicsConsultation",
    "Conference", "SupervisionSession",
}  # fmt: skip
ROOTS = {
    "ownRoles": "nodes { code title basedOn grants { permission reach } }",
    "trainingRequirements": "nodes { subject subjectCode trainingCode active }",
    "caseload": "totalCount nodes { stage dueAt rule label case { number } referent { id } }",
    "interestConflicts": "nodes { note member { id } case { number } person { number } }",
    "fieldAssignments": "nodes { task case { number } }",
    "fieldReports": "totalCount nodes { text kind author { id } }",
    "supervisionSessions": "nodes { heldOn points { discussed case { number } } }",
}


def selections(kind):
    """Yield a selection for each field that needs no argument."""
    for name, field in kind.fields.items():
        if any(is_non_null_type(one.type) for one in field.args.values()):
            continue
        leaf = is_leaf_type(get_named_type(field.type))
        yield name if leaf else f"{name} {{ __typename }}"


async def test_every_field_of_our_nodes_is_read(both, reader, real):
    ours, theirs = both
    kinds = [real._schema.type_map[name] for name in sorted(KINDS)]
    for kind in kinds:
        role = "supervisor" if kind.name == "SupervisionSession" else "referent"
        for selection in selections(kind):
            text = f"""{{ node(id: "{ours.gid(kind.name)}") {{ ... on {kind.name} {{
              {selection} }} }} }}"""
            assert (await reader.data(ours[role], text))["node"], text
            answer = await reader.ask(theirs[role], text)
            assert answer["data"] == {"node": None}


async def test_what_a_member_brings_is_read(both, reader):
    ours, _ = both
    text = """query M($id: ID!) { member(id: $id) { languages supervisor { displayName }
      trainings { code expiresOn } ownRoles { code } } }"""
    found = (await reader.data(ours["supervisor"], text, id=ours.gid("Member")))["member"]
    assert found == {
        "languages": ["fr"], "supervisor": {"displayName": "Supervisor"}, "trainings": [],
        "ownRoles": [],
    }  # fmt: skip
    ratios = """{ supervisionRatios { count supervisor { displayName }
      members { member { displayName } lastOn everyDays dueOn late } } }"""
    (ratio,) = (await reader.data(ours["supervisor"], ratios))["supervisionRatios"]
    assert ratio["count"] == 2
    by_name = {one["member"]["displayName"]: one for one in ratio["members"]}
    assert by_name["Referent"]["everyDays"] == 30
    assert by_name["Referent"]["late"] is False
    assert by_name["Volunteer"]["everyDays"] is None


@pytest.mark.parametrize("name", ROOTS)
async def test_lists_hold_the_own_tenants_rows(both, reader, name):
    ours, theirs = both
    text = f"{{ {name} {{ {ROOTS[name]} }} }}"
    role = "referent" if name == "caseload" else "supervisor"
    found = (await reader.data(ours[role], text))[name]
    assert found["nodes"]
    assert "Mystère" not in str(await reader.data(theirs[role], text))


async def test_the_caseload_is_one_statement_sorted_by_what_is_due(both, reader):
    ours, _ = both
    text = "{ caseload { nodes { dueAt rule case { number person { familyName } } } } }"
    found = (await reader.data(ours["referent"], text))["caseload"]["nodes"]
    assert [one["case"]["number"] for one in found]
    selects = [one for one in reader.statements if "caseload_lines" in one]
    assert len(selects) == 1
    assert "familyName" in selects[0]
    others = (await reader.data(ours["supervisor"], text))["caseload"]["nodes"]
    assert others == []
    by = '{ caseload(filter: {memberId: "%s"}) { nodes { case { number } } } }'
    member = ids.encode("Member", ours["referent"].actor.id)
    listed = (await reader.data(ours["supervisor"], by % member))["caseload"]["nodes"]
    assert [one["case"] for one in listed] == [{"number": one["case"]["number"]} for one in found]
    team = f'{{ caseload(filter: {{teamId: "{ours.gid("Team")}"}}) {{ totalCount }} }}'
    assert (await reader.data(ours["supervisor"], team))["caseload"]["totalCount"] == 1


async def test_a_case_shows_its_conferences_and_reports(both, reader):
    ours, _ = both
    text = """query C($id: ID!) { case(id: $id) { conferences { totalCount nodes { agenda
      attendees { name organisation attended } decisions { decision dueOn obligation { rule } } } }
      fieldReports { nodes { kind text author { displayName } } }
      intensities { intensity reason setBy { displayName } }
      staffOverrides { kind subject reason member { displayName } } } }"""
    found = (await reader.data(ours["reader"], text, id=ours.gid("Case")))["case"]
    (conference,) = found["conferences"]["nodes"]
    assert conference["attendees"][1] == {
        "name": "Mystère", "organisation": "Mystère", "attended": True,
    }  # fmt: skip
    assert conference["decisions"][0]["obligation"] == {"rule": "core.conference_decision"}
    assert found["fieldReports"]["nodes"][0]["author"] == {"displayName": "Volunteer"}
    assert found["intensities"][0]["intensity"] == "standard"
    assert found["staffOverrides"] == []


async def test_a_load_shows_its_formula(both, reader):
    ours, _ = both
    text = "{ caseloadLoad { total recommended maximum state formula parts { count weight } } }"
    found = (await reader.data(ours["referent"], text, language="fr"))["caseloadLoad"]
    assert found["state"] == "WITHIN"
    assert found["formula"].endswith("= 1 ; recommandé 20, maximum 25")
    assert found["parts"] == [{"count": 1, "weight": "1"}]


async def test_a_volunteer_reads_own_reports_and_nothing_else(both, reader):
    ours, _ = both
    volunteer = ours["volunteer"]
    data = await reader.data(volunteer, "{ fieldReports { totalCount nodes { text } } }")
    assert data["fieldReports"]["totalCount"] == 1
    colleague = replace(volunteer, member=replace(volunteer.actor, id=ours["reader"].actor.id))
    for name in ("fieldReports", "fieldAssignments"):
        text = f"{{ {name} {{ totalCount }} }}"
        assert (await reader.data(colleague, text))[name]["totalCount"] == 0
    node = "query N($id: ID!) { node(id: $id) { id } }"
    for kind in ("FieldReport", "FieldAssignment"):
        gid = ours.gid(kind)
        assert (await reader.data(volunteer, node, id=gid))["node"] == {"id": gid}
        answer = await reader.ask(colleague, node, id=gid)
        assert answer["data"] == {"node": None}
    closed = await reader.ask(volunteer, node, id=ours.gid("Case"))
    assert closed["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    for name in ("persons", "cases", "members", "caseload", "supervisionSessions", "journal"):
        answer = await reader.ask(volunteer, f"{{ {name} {{ totalCount }} }}")
        assert answer["data"] == {name: None}, name


async def test_advisers_are_not_told_of_whom(both, reader):
    ours, _ = both
    text = "{ ethicsConsultations { question case { number } askedBy { id } advices { advice } } }"
    asker = (await reader.data(ours["referent"], text))["ethicsConsultations"]
    assert asker[0]["case"]["number"]
    adviser = (await reader.data(ours["supervisor"], text))["ethicsConsultations"]
    assert adviser[0]["question"] == asker[0]["question"]
    assert adviser[0]["case"] is None
    assert (await reader.data(ours["team_member"], text))["ethicsConsultations"] == []
    node = "query N($id: ID!) { node(id: $id) { id } }"
    answer = await reader.ask(ours["team_member"], node, id=ours.gid("EthicsConsultation"))
    assert answer["data"] == {"node": None}
    columns = await ours.rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'core.ethics_consultations'::regclass"
    )
    assert "person_id" not in {row["attname"] for row in columns}


async def test_the_scope_of_a_team_reads_its_cases_only(both, reader, register):
    ours, _ = both
    narrow = {**ours["referent"].permissions}
    narrow[Permission.CASE_READ] = narrow[Permission.PERSON_READ] = Reach.TEAM
    referent = replace(ours["referent"], permissions=narrow)
    stranger = replace(referent, member=replace(referent.actor, id=ours["team_member"].actor.id))
    other = await ours.do("referent", open_case, CaseDraft(
        person=await register(ours.tenancy, "Ailleurs"), programme=ours.uuids["Programme"],
        request_source="self", requested_on=ours["referent"].clock().date(),
    ))  # fmt: skip
    lists = "{ cases { nodes { id } } persons { nodes { id } } caseload { totalCount } }"
    found = await reader.data(referent, lists)
    assert found["cases"]["nodes"] == [{"id": ours.gid("Case")}]
    assert found["persons"]["nodes"] == [{"id": ours.gid("Person")}]
    assert found["caseload"]["totalCount"] == 1
    nothing = await reader.data(stranger, lists)
    assert nothing["cases"]["nodes"] == nothing["persons"]["nodes"] == []
    node = "query N($id: ID!) { node(id: $id) { id } }"
    for kind in ("Case", "Person", "Note", "Consent", "Conference"):
        gid = ours.gid(kind)
        assert (await reader.data(referent, node, id=gid))["node"] == {"id": gid}, kind
        assert (await reader.ask(stranger, node, id=gid))["data"] == {"node": None}, kind
    hidden = await reader.ask(referent, node, id=ids.encode("Case", other["case"]))
    assert hidden["data"] == {"node": None}
