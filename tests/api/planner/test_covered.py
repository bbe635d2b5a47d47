"""What is planned beyond columns: parts of JSON values, tallies, counts, what many rows name."""

import pytest

DASHBOARD = """{ dashboard { __typename casesByStage { stage count }
  casesByReferent { count referent { displayName roles } } again: casesByStage { count }
  referralsByState { state count } } }"""
INSIDE = """query Inside($id: ID!) { case(id: $id) {
  assessments { nodes { answers result scores { key value title(language: FR) }
    flags { code label } } }
  eligibilityResults { nodes { facts outputs
    because { code met sentence source { citation date url }
      seen { fact operator value threshold } }
    ask { fact label(language: EN) } askForOutputs { fact label }
    versions { rule on parameters { parameter since } } } }
  selectionDecision { because { met sentence(language: FR) } } } }"""


async def test_the_dashboard_is_one_statement(roads, filled):
    ours, _ = filled
    answer = await roads.both(ours["supervisor"], DASHBOARD)
    assert answer.plans["dashboard"][1] == ""
    shown = answer.shown["dashboard"]
    assert sum(one["count"] for one in shown["casesByStage"]) > 1
    assert shown["casesByReferent"][0]["referent"]["displayName"]
    assert answer.plans["dashboard"][0].count("core.tallies".replace(".", '"."')) == 1
    for role in ("person", "admin"):
        refused = await roads.both(ours[role], DASHBOARD)
        assert refused.errors[0][1] == "FORBIDDEN"


async def test_parts_of_stored_values_are_planned(roads, filled):
    ours, _ = filled
    for language in ("en", "fr"):
        answer = await roads.both(
            ours["referent"], INSIDE, {"id": ours.gid("Case")}, language=language
        )
        assert answer.plans["case"][1] == ""
        assert answer.errors == []
    case = answer.shown["case"]
    assert case["assessments"]["nodes"][0]["scores"][0]["title"]
    assert case["selectionDecision"]["because"][0]["sentence"]
    assert case["eligibilityResults"]["nodes"][0]["versions"]["on"]


async def test_members_of_a_team_and_objects_of_an_act_are_planned(roads, filled):
    ours, _ = filled
    text = """{ teams { nodes { name members { displayName email } } }
      journal(first: 60) { nodes { action subjectIds objects { type id } } } }"""
    answer = await roads.both(ours["supervisor"], text)
    assert {reason for _, reason in answer.plans.values()} == {""}
    assert any(one["members"] for one in answer.shown["teams"]["nodes"])
    acts = answer.shown["journal"]["nodes"]
    assert any(one["subjectIds"] for one in acts)
    assert any(one["objects"] for one in acts)


@pytest.mark.parametrize("name", ["cases", "persons", "services"])
async def test_a_number_alone_reads_no_rows_and_nobodys_record(roads, filled, name):
    ours, _ = filled
    answer = await roads.both(ours["referent"], f"{{ {name} {{ totalCount __typename }} }}")
    statement, reason = answer.plans[name]
    assert reason == ""
    assert "LIMIT" not in statement
    assert answer.shown[name]["totalCount"] > 1
    assert answer.persons == set()


async def test_what_many_rows_name_is_looked_up_once(roads, filled):
    ours, _ = filled
    text = """{ cases { nodes { number programme { title } referent { displayName }
      modelVersion { version } person { familyName }
      notes { nodes { author { displayName } } } } pageInfo { hasNextPage } } }"""
    answer = await roads.both(ours["referent"], text)
    statement, reason = answer.plans["cases"]
    assert reason == ""
    assert statement.count("SELECT DISTINCT") == 3
    assert len(answer.shown["cases"]["nodes"]) > 1


async def test_a_thousand_elements_are_for_who_may_export(roads, filled):
    ours, _ = filled
    text = "query L($n: Int) { cases(first: $n) { nodes { number } } }"
    for role, most in (("referent", 100), ("supervisor", 1_000)):
        assert (await roads.both(ours[role], text, {"n": most})).plans["cases"][1] == ""
        refused = await roads.both(ours[role], text, {"n": most + 1})
        assert refused.errors[0][1] == "LIMIT_EXCEEDED"
