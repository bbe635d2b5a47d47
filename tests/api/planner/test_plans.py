"""What is planned: one statement for each root field, the same persons, values, nulls, errors."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cordee_graphql import ids
from cordee_graphql.backend import Database
from cordee_graphql.context import Context
from cordee_graphql.operation import Operation
from cordee_graphql.planner.executor import written

PAGE = """query Page($id: ID!, $n: Int, $after: String, $more: Boolean = true) {
  it: case(id: $id) {
    __typename id number stage openedAt requestedOn rowVersion
    who: person { familyName birthDate languages interpreterNeeded cases { totalCount } }
    referent { ...Name } openedBy { ...Name } team { name }
    programme { title motivation(language: FR) places domains ends }
    model { title } selectionDecision { decision reason decidedBy { ...Name } facts }
    consents { form givenOn } designations { startsAt endsAt member { ...Name } }
    notes(first: $n, after: $after) @include(if: $more) {
      totalCount edges { cursor node { text author { ...Name } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
    assessments { nodes { title status ask createdBy { ...Name } } }
    referrals { nodes { state service { name(language: FR) } events { toState at } } }
    timeline(last: 3) { nodes { seq text kind } pageInfo { hasPreviousPage } }
  }
}
fragment Name on Member { displayName roles }"""


def sent(answer: Any) -> list[str]:
    """The statements that read records, without those of the transaction."""
    return [one for one in answer.statements if "convert_to(r.t" in one or '"core"' in one]


async def test_a_page_is_one_statement(roads, filled):
    ours, _ = filled
    variables = {"id": ours.gid("Case"), "n": 2}
    answer = await roads.both(ours["referent"], PAGE, variables, language="fr")
    assert answer.plans["it"][1] == ""
    answer = await roads.go(ours["referent"], PAGE, variables, language="fr")
    assert len(sent(answer)) == 1
    assert answer.shown["it"]["notes"]["totalCount"] == 1
    assert answer.persons == {ours.uuids["Person"]}
    ordinary = await roads.go(ours["referent"], PAGE, variables, planner=False)
    assert len(sent(ordinary)) > 10


async def test_each_root_field_is_one_statement(roads, filled):
    ours, _ = filled
    text = """{ a: cases(first: 2) { nodes { number } } persons { nodes { number } }
      b: cases { totalCount } }"""
    answer = await roads.go(ours["referent"], text)
    assert len(sent(answer)) == 3
    assert set(answer.plans) == {"a", "persons", "b"}
    assert (await roads.both(ours["referent"], text)).errors == []


async def test_pages_meet_without_gap_or_repetition(roads, filled):
    ours, _ = filled
    text = """query P($n: Int, $after: String, $last: Int, $before: String) {
      persons(first: $n, after: $after, last: $last, before: $before) {
        nodes { number } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    whole = await roads.both(ours["reader"], text)
    numbers = [one["number"] for one in whole.shown["persons"]["nodes"]]
    for forward in (True, False):
        found: list[str] = []
        cursor, more = None, True
        while more:
            given = {"n": 3, "after": cursor} if forward else {"last": 3, "before": cursor}
            page = (await roads.both(ours["reader"], text, given)).shown["persons"]
            here = [one["number"] for one in page["nodes"]]
            found = found + here if forward else here + found
            info = page["pageInfo"]
            more = info["hasNextPage" if forward else "hasPreviousPage"]
            cursor = info["endCursor" if forward else "startCursor"]
        assert found == numbers


async def test_filters_and_limits_of_the_role(roads, filled):
    ours, theirs = filled
    text = """query L($f: CaseFilter, $n: Int) { cases(filter: $f, first: $n) {
      totalCount nodes { number person { familyName } } } }"""
    for f in (
        None, {}, {"stage": "ASSESSMENT"}, {"teamId": theirs.gid("Team")},
        {"stage": "INTAKE", "programmeId": ours.gid("Programme")},
        {"referentId": ours.gid("Member"), "teamId": None},
    ):  # fmt: skip
        for role in ("referent", "person"):
            answer = await roads.both(ours[role], text, {"f": f})
            assert answer.plans["cases"][1] == ""
    answer = await roads.both(ours["person"], text, {})
    assert answer.shown["cases"]["totalCount"] == 1
    refused = await roads.both(ours["referent"], text, {"f": {"teamId": "nonsense"}})
    assert refused.errors[0][1] == "NOT_FOUND"
    assert (await roads.both(ours["referent"], text, {"n": -1})).errors[0][1] == "INVALID_INPUT"
    assert (await roads.both(ours["admin"], text, {})).errors[0][1] == "FORBIDDEN"


async def test_absent_foreign_and_broken_ids_are_told_by_ordinary_execution(roads, filled):
    ours, theirs = filled
    for text in ("case(id: $id) { number }", "node(id: $id) { id ... on Case { number } }"):
        query = f"query One($id: ID!) {{ {text} }}"
        for gid in (theirs.gid("Case"), "nonsense", ids.encode("Case", ours.tenancy.id)):
            answer = await roads.both(ours["referent"], query, {"id": gid})
            assert answer.errors[0][1] == "NOT_FOUND"
            assert answer.persons == set()
        answer = await roads.both(ours["referent"], query, {"id": ours.gid("Case")})
        assert answer.errors == []
        assert {reason for _, reason in answer.plans.values()} == {""}


async def test_what_only_python_can_write_goes_the_ordinary_way(roads, filled):
    ours, _ = filled
    text = "query One($id: ID!) { case(id: $id) { number transitions { stage possible } } }"
    answer = await roads.both(ours["referent"], text, {"id": ours.gid("Case")})
    assert answer.plans["case"] == ("", "Case.transitions")


async def test_a_document_of_very_many_parts_is_no_statement(roads, filled):
    ours, _ = filled
    parts = " ".join(f"a{n}: person {{ b{n}: cases {{ totalCount }} }}" for n in range(45))
    text = f"query Wide($id: ID!) {{ case(id: $id) {{ {parts} }} }}"
    answer = await roads.both(ours["referent"], text, {"id": ours.gid("Case")})
    assert answer.plans["case"] == ("", "it has too many parts for one statement")


async def test_an_error_of_the_database_stands_at_its_field(roads, filled, monkeypatch):
    ours, _ = filled
    text = "query Two($id: ID!) { viewer { permissions } case(id: $id) { number } }"
    monkeypatch.setattr("cordee_graphql.execution.travel", _fail)
    answer = await roads.go(ours["referent"], text, {"id": ours.gid("Case")})
    assert answer.shown["case"] is None
    assert answer.shown["viewer"]["permissions"]
    assert [(error[0], error[1]) for error in answer.errors] == [('["case"]', "INTERNAL")]


async def _fail(*_: Any) -> None:
    raise RuntimeError("the connection is gone")


async def test_a_field_that_fails_leaves_fields_with_the_same_key(roads, filled):
    ours, _ = filled
    text = """query Both($id: ID!) { a: case(id: $id) { n: notes { totalCount }
      m: notes(first: -1) { totalCount } } b: case(id: $id) { notes { totalCount } } }"""
    answer = await roads.both(ours["referent"], text, {"id": ours.gid("Case")})
    assert answer.shown == {"a": None, "b": {"notes": {"totalCount": 1}}}


async def test_plans_are_kept_by_document_role_and_shape_of_variables(roads, filled):
    ours, theirs = filled
    planner = roads.planned.planner
    text = """query Kept($n: Int, $full: Boolean!) { members(first: $n) {
      nodes { displayName email @include(if: $full) } } }"""

    async def made(scope: Any, **variables: Any) -> int:
        before = set(planner._kept)
        await roads.both(scope, text, variables)
        return len(set(planner._kept) - before)

    assert await made(ours["referent"], n=2, full=True) == 1
    assert await made(ours["referent"], n=3, full=True) == 0
    assert await made(theirs["referent"], n=1, full=True) == 0
    assert await made(ours["referent"], n=1, full=False) == 1
    assert await made(ours["referent"], full=True) == 1
    assert await made(ours["admin"], n=1, full=True) == 1


async def test_kept_plans_hold_nothing_of_a_request(roads, filled):
    ours, _ = filled
    await roads.go(ours["person"], PAGE, {"id": ours.gid("Case"), "after": None})
    kept = list(roads.planned.planner._kept.values())
    seen: set[int] = set()
    found: list[object] = [
        value for plan in kept for one in plan.roots.values() for value in one.values
    ]
    while found:
        one = found.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        assert type(one).__name__ not in ("Scope", "Operation", "Compiler", "Document")
        if type(one).__name__ in ("function", "cell", "tuple", "Page", "Row"):
            found.extend(
                gc.get_referents(one) if type(one).__name__ != "function" else one.__closure__ or ()
            )


async def test_the_object_of_a_payload_is_one_statement(roads, filled, engine):
    ours, _ = filled
    text = """mutation Note($input: NoteAddInput!) { noteAdd(input: $input) {
      userErrors { code } note { text author { displayName } case { number } } } }"""
    given = {"input": {"caseId": ours.gid("Case"), "text": "Vu à l'accueil"}}
    found = await roads.go(ours["referent"], text, given)
    assert found.plans["noteAdd.note"][1] == ""
    ordinary = await roads.go(ours["referent"], text, given, planner=False)
    assert found.data == ordinary.data
    assert found.persons == ordinary.persons == {ours.uuids["Person"]}


async def test_finished_json_is_spliced_into_the_answer(roads, filled, engine):
    ours, _ = filled
    operation = Operation(Database(engine), ours["referent"], splice=True)
    text = "{ persons { nodes { familyName } } viewer { language } }"
    result = await roads.planned.execute(text, context_value=Context(operation))
    assert result.data is not None
    assert isinstance(result.data["persons"], msgspec.Raw)
    answer = written({"data": result.data})
    plain = await roads.go(ours["referent"], text)
    assert json.loads(answer)["data"] == plain.shown
    assert result.extensions["cost"]["actualQueryCost"] > 10


async def test_plans_are_shown_where_the_installation_wants_it(roads, filled, engine, monkeypatch):
    ours, _ = filled
    monkeypatch.setattr(roads.planned, "show_plans", True)
    operation = Operation(Database(engine), ours["referent"])
    text = "{ cases { totalCount } rules { code } }"
    result = await roads.planned.execute(text, context_value=Context(operation))
    shown = result.extensions["plan"]
    assert shown["cases"]["planned"]
    assert shown["cases"]["statement"].startswith("SELECT")
    assert shown["rules"] == {"planned": False, "reason": "it is not declared", "statement": None}


@pytest.fixture
def explain(tmp_path: Path, cluster: Any) -> Any:
    """Run the command in a process of its own, as an operator does."""
    file = tmp_path / "page.graphql"
    file.write_text(PAGE)
    kid, key = cluster.keys.current
    environment = {
        **os.environ, "CORDEE_DATABASE_URL": cluster.app,
        "CORDEE_CONTEXT_KEY": f"{kid}:{key.hex()}",
    }  # fmt: skip
    start = "from cordee_core.cli import main; main()"
    command = [sys.executable, "-c", start, "graphql", "explain", str(file)]

    def run(*arguments: str) -> Any:
        return subprocess.run(
            [*command, *arguments], env=environment, capture_output=True, text=True, check=False
        )

    return run


def test_explain_shows_statement_and_plan(explain, filled, tmp_path):
    ours, _ = filled
    variables = json.dumps({"id": ours.gid("Case"), "n": 2})
    shown = explain("--variables", variables)
    assert shown.returncode == 0, shown.stderr
    assert "# it: one statement" in shown.stdout
    assert "Scan" in shown.stdout
    assert "$" in shown.stdout.partition("Scan")[2]
    refused = explain("--variables", variables, "--role", "admin")
    assert "the ordinary way (case.read is not granted for the whole tenant)" in refused.stdout
    token = tmp_path / "token"
    token.write_text(ours.tenancy.tokens["referent"])
    mine = explain("--variables", variables, "--token", str(token))
    assert mine.returncode == 0, mine.stderr
    assert str(ours.tenancy.id) in mine.stdout
    assert explain("--role", "nobody").returncode == 1
