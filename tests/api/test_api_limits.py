"""Limits: what is too large is refused before it runs, whatever form it hides in."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.languages import LANGUAGES
from cordee_graphql.connection import EXPORT_PAGE
from cordee_graphql.limits import Limits, measure
from cordee_graphql.schema import CordeeSchema
from cordee_graphql.throttle import Budget, LocalBuckets


def nested(levels: int, page: int = 1) -> str:
    inner = "totalCount"
    for _ in range(levels):
        inner = f"nodes {{ others(first: {page}) {{ {inner} }} }}"
    return f"{{ books(first: {page}) {{ {inner} }} }}"


BOMB = "query { ...f0 }" + "".join(
    f" fragment f{n} on Query {{ ...f{n + 1} a{n}: __typename ...f{n + 1} }}" for n in range(40)
)  # fmt: skip
TOO_LARGE = [
    ("characters", "{ " + "__typename " * 6000 + "}"),
    ("tokens", "{ " + "a " * 4000 + "}"),
    ("tokens", "{ __typename }" + "#\n" * 6000),
    ("depth", nested(12)),
    ("aliases", "{ " + " ".join(f"a{n}: __typename" for n in range(51)) + " }"),
    ("aliases", BOMB + " fragment f40 on Query { __typename }"),
    ("directives", "{ " + "__typename @include(if: true) " * 51 + "}"),
    ("root_fields", "{ " + " ".join(f"a{n}: __typename" for n in range(21)) + " }"),
    ("repeated", "{ " + "__typename " * 21 + "}"),
    ("cost", nested(2, page=100)),
]


@pytest.mark.parametrize(("limit", "query"), TOO_LARGE)
async def test_too_large_is_a_coded_refusal_in_both_languages(
    run: Callable[..., Any], shelf: Any, limit: str, query: str
) -> None:
    said = set()
    for language in LANGUAGES:
        answer = await run(query, language=language)
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
        assert limit in error["message"]
        assert answer["data"] is None
        said.add(error["message"])
    assert len(said) == 2
    assert shelf.log == []


async def test_nesting_that_no_parser_reads_is_refused(run: Callable[..., Any]) -> None:
    answer = await run("{" + "a{" * 400 + "b" + "}" * 401)
    assert answer["errors"][0]["extensions"]["code"] in {"LIMIT_EXCEEDED", "GRAPHQL_PARSE_FAILED"}


async def test_introspection_fits_the_limits(run: Callable[..., Any]) -> None:
    from graphql import get_introspection_query

    answer = await run(get_introspection_query())
    assert answer["errors"] == []


def cost(schema: CordeeSchema, query: str, variables: Any = None) -> int:
    document = parse(query)
    (operation,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    return measure(schema._schema, document, operation, variables).cost


def test_the_cost_is_the_most_objects_the_answer_can_hold(schema: CordeeSchema) -> None:
    assert cost(schema, "{ __typename }") == 0
    assert cost(schema, '{ node(id: "x") { id } }') == 1
    assert cost(schema, "{ books { nodes { id } } }") == 50
    assert cost(schema, "{ books(first: 3) { edges { node { id } } pageInfo { endCursor } } }") == 3
    assert cost(schema, "{ books(last: 3) { nodes { same { id } } } }") == 3 + 3
    assert cost(schema, "{ books(first: 3) { nodes { others(first: 5) { nodes { id } } } } }") == 18
    assert cost(schema, "{ many { id } }") == 10
    assert cost(schema, '{ nodes(ids: ["a", "b"]) { id } }') == 2
    assert cost(schema, 'mutation { bookAdd(title: "a") { book { id } } }') == 12


def test_variables_count_as_what_they_hold(schema: CordeeSchema) -> None:
    query = "query($n: Int = 7) { books(first: $n) { nodes { id } } }"
    assert cost(schema, query) == 7
    assert cost(schema, query, {"n": 20}) == 20
    assert cost(schema, query, {"n": None}) == 50
    assert cost(schema, query, {"n": 10**9}) == EXPORT_PAGE
    assert cost(schema, query, {"n": "x"}) == EXPORT_PAGE


def test_a_fragment_counts_at_each_spread(schema: CordeeSchema) -> None:
    query = "{ a: books(first: 2) { ...f } b: books(first: 2) { ...f } }"
    query += " fragment f on TestBookConnection { nodes { same { id } } }"
    assert cost(schema, query) == 8


async def test_cost_and_budget_are_told(run: Callable[..., Any], schema: CordeeSchema) -> None:
    answer = await run("{ books(first: 10) { nodes { id } } }")
    told = answer["extensions"]["cost"]
    assert told["requestedQueryCost"] == 10
    assert 1 <= told["actualQueryCost"] <= 10
    assert (
        told["throttleStatus"]["currentlyAvailable"] <= told["throttleStatus"]["maximumAvailable"]
    )


async def test_an_empty_bucket_refuses_until_it_fills_again(
    run: Callable[..., Any], schema: CordeeSchema
) -> None:
    moment = [0.0]
    schema.buckets = LocalBuckets(Budget(capacity=100, restore=10), clock=lambda: moment[0])
    query = "{ books(first: 100) { nodes { id } } }"
    assert (await run(query))["errors"] == []
    for _ in range(200):  # what an answer does not need is given back
        last = await run(query)
        if last["errors"]:
            break
    (error,) = last["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert last["data"] is None
    moment[0] += 10
    assert (await run(query))["errors"] == []


async def test_an_installation_may_allow_less(
    run: Callable[..., Any], schema: CordeeSchema
) -> None:
    schema.limits = Limits(root_fields=1)
    assert (await run("{ a: __typename }"))["errors"] == []
    assert len((await run("{ a: __typename b: __typename }"))["errors"]) == 1


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 5)), max_size=40))
async def test_a_bucket_never_gives_more_than_it_held_and_got(
    steps: list[tuple[int, float]],
) -> None:
    moment = [0.0]
    buckets = LocalBuckets(Budget(capacity=60, restore=7), clock=lambda: moment[0])
    granted = 0
    for asked, pause in steps:
        moment[0] += pause
        state = await buckets.take("k", asked)
        granted += asked if state.granted else 0
        assert 0 <= state.available <= 60
        assert state.granted or state.retry_after >= 1
        assert granted <= 60 + 7 * moment[0] + 1e-6


async def test_only_the_buckets_used_last_are_kept() -> None:
    buckets = LocalBuckets(Budget(10, 1), clock=lambda: 0.0, most=2)
    await buckets.take("a", 10)
    await buckets.take("b", 1)
    await buckets.take("c", 1)
    assert (await buckets.take("a", 10)).granted
