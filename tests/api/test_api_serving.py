"""What is kept between requests: it never carries anything from one caller to another."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from graphql.execution.values import get_variable_values
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.access.permissions import Permission, grants
from cordee_core.access.scope import Scope
from cordee_core.plugins.host import PluginHost
from cordee_graphql import ids
from cordee_graphql.context import Context
from cordee_graphql.limits import Measure, measure
from cordee_graphql.operation import Operation
from cordee_graphql.prepared import Prepared, operation_in
from cordee_graphql.schema import CordeeSchema, build_schema
from cordee_graphql.throttle import LocalBuckets, Throttle

A, B = UUID(int=10), UUID(int=11)
CASES = "query Cases($n: Int) { cases(first: $n) { nodes { id } } }"
CASE = "query Case($id: ID!) { case(id: $id) { id number } }"
FOUND = b'{"nodes":[{"id":"found"}]}'


@dataclass
class Recorder:
    """A backend that answers every planned statement with the same text and notes what came."""

    answer: bytes | None = FOUND
    sent: list[tuple[Scope, str, list[object]]] = field(default_factory=list)
    undone: int = 0

    def reading(self, scope: Scope, action: str) -> "Recording":
        return Recording(self, scope)

    async def perform(self, *_: Any) -> Any:
        raise AssertionError("nothing is written here")

    async def deny(self, *_: Any) -> None:
        return None


@dataclass
class Recording:
    """One read transaction of a `Recorder`."""

    recorder: Recorder
    scope: Scope

    def saw(self, persons: Iterable[UUID | None]) -> None:
        list(persons)

    @asynccontextmanager
    async def active(self) -> Any:
        yield

    async def send(self, statement: str, values: Sequence[object], *, alone: bool) -> Any:
        self.recorder.sent.append((self.scope, statement, list(values)))
        return {"answer": self.recorder.answer, "persons": None}

    async def undo(self) -> None:
        self.recorder.undone += 1

    async def finish(self) -> None:
        return None


@dataclass
class Counting(LocalBuckets):
    """Buckets that note what is taken."""

    taken: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def take(self, key: str, cost: int) -> Throttle:
        self.taken.append((key, cost))
        return await super().take(key, cost)


@pytest.fixture
def whole(host: PluginHost) -> CordeeSchema:
    """The schema of the installation, with nothing kept yet."""
    return build_schema(host, strict=True, buckets=Counting())


@pytest.fixture
def caller(make: Callable[..., Scope], host: PluginHost) -> Callable[..., Scope]:
    """Make a caller with a role in a tenant."""

    def made(tenant: UUID = A, role: str = "referent") -> Scope:
        return replace(
            make(), tenant=tenant, host=host, permissions=grants([role]), enabled=frozenset()
        )

    return made


async def ask(
    schema: CordeeSchema, recorder: Recorder, scope: Scope | None, query: str, variables: Any = None
) -> Any:
    operation = Operation(recorder, scope, language="en")  # type: ignore[arg-type]
    return await schema.execute(query, variables, Context(operation))


def codes(result: Any) -> set[str]:
    return {error.extensions["code"] for error in result.errors or ()}


async def test_the_same_document_reads_for_whoever_asks(
    whole: CordeeSchema, caller: Callable[..., Scope]
) -> None:
    recorder = Recorder()
    for tenant in (A, B, A):
        result = await ask(whole, recorder, caller(tenant), CASES, {"n": 3})
        assert result.data == {"cases": {"nodes": [{"id": "found"}]}}
    statements = {statement for _, statement, _ in recorder.sent}
    assert len(statements) == 1
    for scope, _, values in recorder.sent:
        assert scope.tenant in values
        assert ({A, B} - {scope.tenant}).isdisjoint(v for v in values if isinstance(v, UUID))


async def test_who_may_not_read_gets_nothing_of_a_plan_that_others_use(
    whole: CordeeSchema, caller: Callable[..., Scope]
) -> None:
    recorder = Recorder()
    for _ in range(2):
        allowed = await ask(whole, recorder, caller(), CASES, {"n": 3})
        assert allowed.data["cases"] is not None
        before = len(recorder.sent)
        denied = await ask(whole, recorder, caller(role="admin"), CASES, {"n": 3})
        assert codes(denied) == {"FORBIDDEN"}
        assert denied.data is None or denied.data["cases"] is None
        nobody = await ask(whole, recorder, None, CASES, {"n": 3})
        assert (nobody.data, codes(nobody)) == (None, {"UNAUTHENTICATED"})
        assert len(recorder.sent) == before


async def test_one_permission_less_is_another_plan(
    whole: CordeeSchema, caller: Callable[..., Scope]
) -> None:
    recorder = Recorder()
    scope = caller()
    await ask(whole, recorder, scope, CASES, {"n": 3})
    fewer = {one: reach for one, reach in scope.permissions.items() if one != Permission.CASE_READ}
    denied = await ask(whole, recorder, replace(scope, permissions=fewer), CASES, {"n": 3})
    assert codes(denied) == {"FORBIDDEN"}
    assert len(recorder.sent) == 1


@pytest.mark.parametrize(
    "odd", [{"n": "3"}, {"n": 1.5}, {"n": [3]}, {"n": {}}, {"n": True}, {"n": 2**40}]
)
async def test_odd_variables_are_refused_before_and_after_good_ones(
    whole: CordeeSchema, caller: Callable[..., Scope], odd: dict[str, Any]
) -> None:
    recorder = Recorder()
    for good in ({"n": 3}, {"n": None}, {}):
        refused = await ask(whole, recorder, caller(), CASES, odd)
        assert (refused.data, codes(refused)) == (None, {"BAD_USER_INPUT"})
        assert (await ask(whole, recorder, caller(), CASES, good)).errors is None
    assert len(recorder.sent) == 3


async def test_an_id_of_another_type_is_not_read_by_the_plan_for_a_case(
    whole: CordeeSchema, caller: Callable[..., Scope]
) -> None:
    recorder = Recorder(answer=b'{"id":"found","number":"1"}')
    case = {"id": ids.encode("Case", UUID(int=5))}
    others = ("", "x", ids.encode("Person", UUID(int=5)), ids.encode("Nothing", UUID(int=5)))
    for _ in range(2):
        assert (await ask(whole, recorder, caller(), CASE, case)).errors is None
        sent = len(recorder.sent)
        for other in others:
            refused = await ask(whole, recorder, caller(), CASE, {"id": other})
            assert refused.data == {"case": None}
            assert codes(refused) == {"NOT_FOUND"}
        assert len(recorder.sent) == sent
        assert recorder.sent[-1][2].count(UUID(int=5)) == 1


async def test_forged_types_of_ids_do_not_fill_the_plans(
    whole: CordeeSchema, caller: Callable[..., Scope]
) -> None:
    assert whole.planner is not None
    for number in range(20):
        forged = {"id": ids.encode(f"Forged{number}", UUID(int=5))}
        await ask(whole, Recorder(), caller(), CASE, forged)
    assert len(whole.planner._kept) == 1


async def test_an_operation_is_charged_once_whichever_way_it_is_answered(
    whole: CordeeSchema, caller: Callable[..., Scope]
) -> None:
    buckets = whole.buckets
    assert isinstance(buckets, Counting)
    await ask(whole, Recorder(), caller(), CASES, {"n": 7})
    assert [cost for _, cost in buckets.taken] == [7]
    await ask(whole, Recorder(answer=None), caller(), CASE, {"id": ids.encode("Case", A)})
    assert len(buckets.taken) == 2
    await ask(whole, Recorder(), caller(B), CASES, {"n": 9})
    assert [cost for _, cost in buckets.taken[2:]] == [9]
    assert len({key for key, _ in buckets.taken}) == 2


async def test_the_operation_that_is_named_is_the_one_that_runs(
    whole: CordeeSchema, caller: Callable[..., Scope]
) -> None:
    query = "query A { cases(first: 1) { nodes { id } } } query B { a: cases { nodes { id } } }"
    for name, key in (("A", "cases"), ("B", "a"), ("A", "cases")):
        operation = Operation(Recorder(), caller())  # type: ignore[arg-type]
        result = await whole.execute(query, None, Context(operation), operation_name=name)
        assert list(result.data or ()) == [key]
        assert operation.name == name


LISTS = """query L($n: Int = 7, $m: Int, $ids: [ID!]!) {
  a: cases(first: $n) { nodes { id } } b: cases(last: $m) { nodes { id } } nodes(ids: $ids) { id } }
"""
_NUMBER = st.one_of(st.none(), st.booleans(), st.integers(-5, 2000), st.text(max_size=2))


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "n": _NUMBER, "m": _NUMBER, "ids": st.one_of(st.none(), st.lists(st.just("x"))),
            },
        ),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_a_size_that_is_kept_is_the_size_measured(
    host: PluginHost, shared: CordeeSchema, asked: list[dict[str, Any]]
) -> None:
    document, errors = shared.documents.read(LISTS)
    node = operation_in(document, None)
    assert node is not None
    assert not errors
    kept = Measure(shared._schema, document, node)
    for variables in (*asked, *asked):
        fresh = measure(shared._schema, document, node, variables)
        assert kept.size(variables) == fresh


@pytest.fixture(scope="module")
def shared(host: PluginHost) -> CordeeSchema:
    """One schema for tests that keep nothing in it."""
    return build_schema(host, strict=True)


VALUES = """query V($a: Int!, $b: String = "x", $c: Stage, $d: ID, $e: Boolean, $f: [ID!],
  $g: CaseFilter) { cases(first: $a) { nodes { id } } }"""


@pytest.mark.parametrize(
    "given",
    [{}, {"a": None}, {"a": 1}, {"a": 1, "b": None}, {"a": 1, "b": 2}, {"a": 1, "c": "ASSESSMENT"},
     {"a": 1, "c": "assessment"}, {"a": 1, "c": 3}, {"a": 1, "d": 7}, {"a": 1, "d": [7]},
     {"a": 1, "e": 1}, {"a": 1, "e": True}, {"a": True}, {"a": 1.0}, {"a": 1, "f": ["x", None]},
     {"a": 1, "f": "x"}, {"a": 1, "g": {"stage": "ASSESSMENT"}}, {"a": 1, "g": {"nothing": 1}},
     {"a": 1, "unknown": 5}, {"a": 1, "d": None, "c": None}],
)  # fmt: skip
def test_variables_are_read_as_graphql_core_reads_them(
    shared: CordeeSchema, given: dict[str, Any]
) -> None:
    document, _ = shared.documents.read(VALUES)
    node = operation_in(document, None)
    assert node is not None
    mine = Prepared(shared._schema, document, node, []).coerced(given)
    theirs = get_variable_values(shared._schema, node.variable_definitions or (), given)
    if isinstance(theirs, list):
        assert isinstance(mine, list)
        assert [one.message for one in mine] == [one.message for one in theirs]
    else:
        assert not isinstance(mine, list)
        assert mine.coerced == theirs.coerced
        given_as = [{name: one.value for name, one in v.sources.items()} for v in (mine, theirs)]
        assert given_as[0] == given_as[1]
