"""A plugin's declared table takes part: its facet stands in the case's one statement."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import strawberry
from piccolo import columns

from cordee_core.access.permissions import Permission
from cordee_core.contracts import GraphQLPart
from cordee_core.database.engine import CordeeEngine, bind, fetch
from cordee_core.database.tables import DECLARED, TenantTable
from cordee_core.errors import PluginError
from cordee_graphql.extension import CaseFacet, Guarded, RowSource, column
from cordee_graphql.parts import checked
from cordee_graphql.schema import build_schema

QUERY = """query Page($id: ID!) { case(id: $id) { number facets {
  __typename plugin ... on DemoVisit { day remark } } } }"""


class Visit(TenantTable, tablename="visits", schema="plugin_demo"):
    """A visit that the plugin keeps."""

    case_id = columns.UUID(default=None)
    day = columns.Date(default=None)
    remark = columns.Text(default=None, null=True)
    secret = columns.Text(default=None, null=True)


DECLARED.pop(("plugin_demo", "visits"))


@strawberry.type(description="A visit.")
class DemoVisit(CaseFacet):
    source = RowSource(table=Visit, needs=Permission.CASE_READ, below=True)
    day: date = column("When.")
    remark: str | None = column("What was seen.")
    secret: str | None = column("A secret.", extensions=[Guarded("journal.read")])


@strawberry.type(description="What the plugin adds.")
class DemoQuery:
    @strawberry.field(description="Nothing.")
    def nothing(self) -> str:
        return "nothing"


PART = GraphQLPart(query=DemoQuery, facets=(DemoVisit,))


@pytest.fixture(scope="module")
async def visits(cluster: Any, engine: CordeeEngine, filled: Any) -> AsyncIterator[list[UUID]]:
    """A table of the plugin, with two visits in the first tenant's case; gone afterwards."""
    owner = await asyncpg.connect(cluster.superuser_url())
    await owner.execute(
        "CREATE SCHEMA plugin_demo; GRANT USAGE ON SCHEMA plugin_demo TO cordee_app;"
        " CREATE TABLE plugin_demo.visits (tenant_id uuid NOT NULL, id uuid NOT NULL,"
        " case_id uuid NOT NULL, day date NOT NULL, remark text, secret text,"
        " PRIMARY KEY (tenant_id, id),"
        " FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id));"
        " SELECT ctx.secure('plugin_demo.visits', 'tenant')"
    )
    bind(engine, [*DECLARED.values(), Visit])
    ours, _ = filled
    found = sorted([uuid4(), uuid4()])
    async with engine.transaction(cordee__context=ours["referent"].signed()):
        for place, one in enumerate(found):
            await fetch(
                "INSERT INTO plugin_demo.visits VALUES ($1, $2, $3, $4, $5)",
                ours.tenancy.id, one, ours.uuids["Case"], date(2026, 1, 1 + place),
                None if place else 'a "remark"',
            )  # fmt: skip
    yield found
    await owner.execute("DROP SCHEMA plugin_demo CASCADE")
    await owner.close()


@pytest.fixture(scope="module")
def with_plugin() -> Any:
    """Both schemas with the plugin's part."""
    host: Any = SimpleNamespace(collect=lambda hook: [("demo", PART)], failures={})
    return [build_schema(host, strict=True, planner=planner) for planner in (True, False)]


def enabled(scope: Any) -> Any:
    return dataclasses.replace(scope, enabled=scope.enabled | {"demo"})


async def test_facets_stand_in_the_one_statement_of_the_case(roads, with_plugin, visits, filled):
    roads.planned, roads.ordinary = with_plugin
    ours, _ = filled
    answer = await roads.both(enabled(ours["referent"]), QUERY, {"id": ours.gid("Case")})
    assert answer.shown["case"]["facets"] == [
        {"__typename": "DemoVisit", "plugin": "demo", "day": "2026-01-01", "remark": 'a "remark"'},
        {"__typename": "DemoVisit", "plugin": "demo", "day": "2026-01-02", "remark": None},
    ]
    assert answer.plans["case"][1] == ""
    assert len([one for one in answer.statements if "plugin_demo" in one]) == 1


async def test_a_plugin_that_is_not_enabled_shows_nothing(roads, with_plugin, visits, filled):
    roads.planned, roads.ordinary = with_plugin
    ours, theirs = filled
    answer = await roads.both(ours["referent"], QUERY, {"id": ours.gid("Case")})
    assert answer.shown["case"]["facets"] == []
    answer = await roads.both(enabled(theirs["referent"]), QUERY, {"id": theirs.gid("Case")})
    assert answer.shown["case"]["facets"] == []


async def test_a_guarded_field_is_left_to_its_guard(roads, with_plugin, visits, filled):
    roads.planned, roads.ordinary = with_plugin
    ours, _ = filled
    text = """query Page($id: ID!) { case(id: $id) {
      facets { ... on DemoVisit { remark secret } } } }"""
    for role, refused in (("referent", 2), ("supervisor", 0)):
        answer = await roads.both(enabled(ours[role]), text, {"id": ours.gid("Case")})
        assert answer.plans["case"] == ("", "DemoVisit.secret is guarded")
        assert len(answer.errors) == refused


def test_facets_of_another_kind_are_refused():
    @strawberry.type
    class DemoOther:
        name: str

    @strawberry.type
    class DemoLoose(CaseFacet):
        name: str

    for facet in (DemoOther, DemoLoose):
        with pytest.raises(PluginError):
            checked("demo", GraphQLPart(query=DemoQuery, facets=(facet,)))
    assert checked("demo", PART) is PART
    with pytest.raises(PluginError):
        checked("other", PART)
