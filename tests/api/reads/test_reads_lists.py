"""Lists: pages, filters, and a number of statements that does not grow with the page."""

from datetime import date
from typing import Any

import pytest

from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.database.unit_of_work import perform
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent
from cordee_graphql import ids
from cordee_graphql.cursors import write_cursor

CASELOAD = """query Caseload($first: Int) { cases(first: $first) { nodes {
  number stage openedAt person { familyName number }
  referent { displayName } openedBy { displayName }
  programme { title status } programmeVersion { version } model { title } modelVersion { version }
  team { name } selectionDecision { decision } consents { form }
  designations { startsAt member { displayName } designatedBy { displayName } }
  timeline(first: 3) { nodes { seq text member { displayName } } pageInfo { hasNextPage } }
  notes { nodes { text } } assessments { nodes { title } } referrals { nodes { state } }
  eligibilityResults { nodes { outcome } }
} pageInfo { hasNextPage } } }"""


@pytest.fixture(scope="session")
async def caseload(engine, host, cluster, tenants) -> Any:
    """The second tenant with 50 more cases, a third of them with a referent."""
    tenant = tenants[1]

    async def do(role: str, use_case: Any, draft: Any) -> Any:
        return (await perform(engine, tenant[role], "test", use_case, draft)).changed

    copy = CopyDraft(template="housing.support_to_housing", code="caseload")
    programme = (await do("supervisor", copy_programme, copy))["programme"]
    await do("supervisor", activate_programme, ActivateDraft(programme=programme, row_version=1))
    cases = []
    for number in range(50):
        person = (await do("referent", register_person, PersonDraft(family_name=f"P{number:02}")))[
            "person"
        ]
        opened = await do("referent", open_case, CaseDraft(
            person=person, programme=programme, request_source="relative",
            requested_on=date(2026, 1, 15),
        ))  # fmt: skip
        cases.append(opened["case"])
        if number % 3 == 1:
            await do("supervisor", designate_referent, DesignationDraft(
                case=opened["case"], row_version=1, member=tenant["referent"].actor.id
            ))  # fmt: skip
    return tenant, programme, cases


async def test_a_caseload_takes_as_many_statements_as_one_case(caseload, reader):
    tenant, _, _ = caseload
    counts = []
    for first in (1, 50):
        data = await reader.data(tenant["referent"], CASELOAD, first=first)
        assert len(data["cases"]["nodes"]) == first
        counts.append(len(reader.statements))
    assert counts[0] <= counts[1] <= 20, reader.statements
    assert all(one["person"] and one["programme"]["title"] for one in data["cases"]["nodes"])


async def test_cases_are_filtered(caseload, reader):
    tenant, programme, cases = caseload
    text = """query C($filter: CaseFilter) { cases(filter: $filter, first: 100) { totalCount
      nodes { id stage } } }"""
    given = {"programmeId": ids.encode("Programme", programme)}
    found = (await reader.data(tenant["reader"], text, filter=given))["cases"]
    assert [one["id"] for one in found["nodes"]] == [
        ids.encode("Case", one) for one in reversed(cases)
    ]
    assert found["totalCount"] == 50
    led = {**given, "referentId": ids.encode("Member", tenant["referent"].actor.id)}
    assert (await reader.data(tenant["reader"], text, filter=led))["cases"]["totalCount"] == 17
    for stage, count in (("INTAKE", 50), ("ASSESSMENT", 0)):
        found = await reader.data(tenant["reader"], text, filter={**given, "stage": stage})
        assert found["cases"]["totalCount"] == count
    answer = await reader.ask(tenant["reader"], text, filter={"referentId": given["programmeId"]})
    assert answer["errors"][0]["extensions"] == {
        "code": "NOT_FOUND", "requestId": "r-1", "argumentPath": ["filter", "referentId"],
    }  # fmt: skip


async def test_pages_go_forward_and_back_without_gap(caseload, reader):
    tenant, programme, cases = caseload
    text = """query C(
      $filter: CaseFilter, $first: Int, $after: String, $last: Int, $before: String
    ) {
      cases(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }"""
    given = {"programmeId": ids.encode("Programme", programme)}
    expected = [ids.encode("Case", one) for one in reversed(cases)]
    for size, cursor, step in (("first", "after", "endCursor"), ("last", "before", "startCursor")):
        seen: list[str] = []
        at: str | None = None
        for _ in range(4):
            page = (
                await reader.data(tenant["reader"], text, **{"filter": given, size: 20, cursor: at})
            )["cases"]
            found = [one["id"] for one in page["nodes"]]
            seen = seen + found if size == "first" else found + seen
            at = page["pageInfo"][step]
            if not page["pageInfo"]["hasNextPage" if size == "first" else "hasPreviousPage"]:
                break
        assert seen == expected


async def test_the_timeline_is_read_from_the_start_and_from_a_cursor(both, reader):
    ours, _ = both
    text = """query T($id: ID!, $after: String) { case(id: $id) {
      timeline(first: 4, after: $after) {
      nodes { seq kind } pageInfo { endCursor hasNextPage } totalCount } } }"""
    at, seen, total = None, [], 0
    while True:
        found = await reader.data(ours["referent"], text, id=ours.gid("Case"), after=at)
        page = found["case"]["timeline"]
        seen += [one["seq"] for one in page["nodes"]]
        at, total = page["pageInfo"]["endCursor"], page["totalCount"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == list(range(1, total + 1))


@pytest.mark.parametrize(("seq", "count"), [(10**30, 0), (-(10**30), 1)])
async def test_a_cursor_beyond_every_entry_is_a_page_like_others(both, reader, seq, count):
    ours, _ = both
    cursor = write_cursor("case.TimelineEntry", (seq,))
    text = """query T($id: ID!, $after: String) { case(id: $id) {
      timeline(first: 1, after: $after) { nodes { seq } } } }"""
    found = await reader.data(ours["referent"], text, id=ours.gid("Case"), after=cursor)
    assert len(found["case"]["timeline"]["nodes"]) == count


async def test_a_cursor_of_another_list_is_refused(both, reader):
    ours, _ = both
    cursor = (await reader.data(ours["reader"], "{ persons { pageInfo { endCursor } } }"))[
        "persons"
    ]["pageInfo"]["endCursor"]
    for argument in ("after", "before"):
        answer = await reader.ask(
            ours["reader"], f'{{ cases({argument}: "{cursor}") {{ nodes {{ id }} }} }}'
        )
        assert answer["data"] == {"cases": None}
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_services_are_filtered_by_plugin_and_code(both, reader):
    ours, _ = both
    text = """query S($filter: ServiceFilter) { services(filter: $filter) { nodes { code
      plugin details { thematiques requiredDocuments { name } source { citation } } } } }"""
    every = (await reader.data(ours["reader"], text))["services"]["nodes"]
    plugin = (await reader.data(ours["reader"], text, filter={"plugin": "housing"}))["services"][
        "nodes"
    ]
    assert [one for one in every if one["plugin"]] == plugin
    assert len(plugin) == len(every) - 1 == 8
    assert all(one["details"]["thematiques"] for one in plugin)
    own = (await reader.data(ours["reader"], text, filter={"code": "own.own-bed"}))["services"][
        "nodes"
    ]
    assert own == [{"code": "own.own-bed", "plugin": None, "details": None}]
    answer = await reader.ask(ours["reader"], text, filter={"code": "a\0b"})
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_TEXT"


@pytest.mark.parametrize(
    "name", ["members", "teams", "programmes", "models", "persons", "cases", "services", "journal"]
)
async def test_a_page_has_a_hundred_elements_and_a_thousand_for_who_may_export(both, reader, name):
    ours, _ = both
    text = "query L($n: Int, $last: Int) {{ {0}(first: $n, last: $last) {{ nodes {{ id }} }} }}"
    for role, most in (("reader", 100), ("supervisor", 1_000)):
        if name == "journal" and role == "reader":
            continue
        for given in ("n", "last"):
            answer = await reader.ask(ours[role], text.format(name), **{given: most})
            assert answer["errors"] == []
            answer = await reader.ask(ours[role], text.format(name), **{given: most + 1})
            (error,) = answer["errors"]
            assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
