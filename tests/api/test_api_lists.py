"""Global ids, cursors and pages: pure parts by property, the rest through the schema."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.clock import new_id
from cordee_core.errors import InvalidInputError, NotFoundError
from cordee_graphql import ids
from cordee_graphql.cursors import read_cursor, write_cursor

NAMES = st.from_regex(r"[A-Z][A-Za-z0-9]{0,30}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(NAMES, st.uuids())
def test_an_id_says_type_and_object(name: str, uuid: UUID) -> None:
    gid = ids.encode(name, uuid)
    assert ids.decode(gid) == (name, uuid)
    assert ids.uuid_of(gid, name) == uuid
    with pytest.raises(NotFoundError):
        ids.uuid_of(gid, name + "X", "input", "id")


@given(st.one_of(st.text(), st.binary().map(lambda raw: base64.b64encode(raw).decode())))
def test_anything_else_is_not_found(gid: str) -> None:
    try:
        name, uuid = ids.decode(gid)
    except NotFoundError:
        return
    else:
        assert ids.encode(name, uuid) == gid


def test_an_object_has_one_id() -> None:
    uuid = new_id()
    for text in (
        f"Case:{str(uuid).upper()}",
        f"Case:{uuid.hex}",
        f"Case:{{{uuid}}}",
        f" Case:{uuid}",
    ):
        with pytest.raises(NotFoundError):
            ids.decode(base64.b64encode(text.encode()).decode())


KEYS = st.tuples(MOMENTS, TEXTS, st.integers(), st.dates(), st.uuids())
TYPES = (datetime, str, int, date, UUID)


@given(KEYS)
def test_a_cursor_holds_its_key(key: tuple[Any, ...]) -> None:
    assert read_cursor(write_cursor("cases.newest", key), "cases.newest", TYPES, "after") == key


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(
    lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode())))  # fmt: skip
def test_what_is_no_cursor_is_an_input_error(cursor: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_cursor(cursor, "cases.newest", TYPES, "before")
    assert caught.value.path == ("before",)


def test_a_cursor_of_another_order_or_type_is_refused() -> None:
    cursor = write_cursor("cases.newest", (new_id(),))
    for order, types in [
        ("cases.oldest", (UUID,)),
        ("cases.newest", (int,)),
        ("cases.newest", (UUID, UUID)),
    ]:
        with pytest.raises(InvalidInputError):
            read_cursor(cursor, order, types, "after")


async def _walk(run: Callable[..., Any], size: int, backward: bool) -> list[list[str]]:
    pages: list[list[str]] = []
    cursor = None
    way, place = ("last", "before") if backward else ("first", "after")
    while True:
        answer = await run(
            f"query($n: Int, $c: String) {{ books({way}: $n, {place}: $c) {{ nodes {{ title }}"
            " edges { cursor node { title } }"
            " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }",
            variables={"n": size, "c": cursor},
        )
        assert answer["errors"] == []
        page = answer["data"]["books"]
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        pages.append([node["title"] for node in page["nodes"]])
        info = page["pageInfo"]
        if page["edges"]:
            assert info["startCursor"] == page["edges"][0]["cursor"]
            assert info["endCursor"] == page["edges"][-1]["cursor"]
        if not info["hasPreviousPage" if backward else "hasNextPage"]:
            return pages
        cursor = info["startCursor" if backward else "endCursor"]


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 20])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
async def test_walking_gives_each_row_once_in_order(
    run: Callable[..., Any], shelf: Any, count: int, size: int, backward: bool
) -> None:
    shelf.books = {new_id(): f"t{number % 4}" for number in range(count)}  # keys with equal starts
    pages = await _walk(run, size, backward)
    if backward:
        pages.reverse()
    assert [title for page in pages for title in page] == sorted(shelf.books.values())
    assert all(len(page) <= size for page in pages)


async def test_a_row_that_comes_meanwhile_moves_no_other(
    run: Callable[..., Any], shelf: Any
) -> None:
    shelf.books = {new_id(): title for title in "bdf"}
    first = (await run("{ books(first: 2) { nodes { title } pageInfo { endCursor } } }"))["data"][
        "books"
    ]
    shelf.books[new_id()] = "a"
    cursor = first["pageInfo"]["endCursor"]
    second = await run(f'{{ books(first: 2, after: "{cursor}") {{ nodes {{ title }} }} }}')
    assert [node["title"] for node in second["data"]["books"]["nodes"]] == ["f"]


async def test_the_whole_is_counted_only_when_asked(run: Callable[..., Any], shelf: Any) -> None:
    await run("{ books { nodes { title } } }")
    assert "count" not in shelf.log
    await run("{ books(first: 0) { totalCount } }")
    assert "count" in shelf.log


async def test_node_and_nodes_read_what_exists(run: Callable[..., Any], shelf: Any) -> None:
    uuid = new_id()
    shelf.books = {uuid: "one"}
    gid = ids.encode("TestBook", uuid)
    absent, other = ids.encode("TestBook", new_id()), ids.encode("Query", uuid)
    answer = await run(
        "query($id: ID!, $ids: [ID!]!) {"
        " node(id: $id) { id ... on TestBook { title same { title } } } nodes(ids: $ids) { id } }",
        variables={"id": gid, "ids": [absent, gid, other, "x", gid]},
    )
    assert answer["errors"] == []
    assert answer["data"]["node"] == {"id": gid, "title": "one", "same": {"title": "one"}}
    assert answer["data"]["nodes"] == [None, {"id": gid}, None, None, {"id": gid}]


async def test_absent_foreign_and_malformed_ids_get_the_same_answer(
    run: Callable[..., Any],
) -> None:
    answers = [
        await run("query($id: ID!) { node(id: $id) { id } }", variables={"id": gid})
        for gid in (ids.encode("TestBook", new_id()), ids.encode("Nothing", new_id()), "x", "")
    ]
    first = {key: answers[0][key] for key in ("data", "errors")}
    assert first["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert all({key: each[key] for key in ("data", "errors")} == first for each in answers)


async def test_too_many_ids_are_refused(run: Callable[..., Any]) -> None:
    answer = await run(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": ["x"] * 101}
    )
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
