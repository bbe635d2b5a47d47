"""An operation: one read transaction, writes of their own, one load for many objects."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from cordee_core.clock import new_id
from cordee_graphql import ids
from cordee_graphql.operation import Operation


@pytest.fixture
def books(shelf: Any) -> list[str]:
    """Three books on the shelf; their global ids."""
    shelf.books = {new_id(): title for title in "abc"}
    return [ids.encode("TestBook", uuid) for uuid in shelf.books]


async def test_siblings_share_one_transaction_and_one_load(
    run: Callable[..., Any], shelf: Any, books: list[str]
) -> None:
    query = (
        "{ " + " ".join(f'n{n}: node(id: "{gid}") {{ id }}' for n, gid in enumerate(books)) + " }"
    )
    answer = await run(query)
    assert len(answer["data"]) == 3
    assert shelf.loads == 1
    assert shelf.log == ["read query 3"]
    assert shelf.open == 0


async def test_an_operation_that_reads_nothing_opens_nothing(
    run: Callable[..., Any], shelf: Any
) -> None:
    await run("{ __typename }")
    assert shelf.log == []


async def test_each_root_field_writes_alone_and_is_read_back_after_its_commit(
    run: Callable[..., Any], shelf: Any
) -> None:
    answer = await run(
        'mutation Two { a: bookAdd(title: "x") { book { title } }'
        ' b: bookAdd(title: "y") { book { title } } }'
    )
    assert answer["data"] == {"a": {"book": {"title": "x"}}, "b": {"book": {"title": "y"}}}
    assert shelf.log == ["write bookAdd", "read Two 1", "write bookAdd", "read Two 1"]


async def test_a_refused_field_blanks_only_itself(run: Callable[..., Any], shelf: Any) -> None:
    answer = await run(
        'mutation { a: bookAdd(title: "forbidden") { __typename }'
        ' b: bookAdd(title: "y") { __typename } }'
    )
    assert answer["data"] == {"a": None, "b": {"__typename": "TestAddPayload"}}
    assert list(shelf.books.values()) == ["y"]
    assert not [line for line in shelf.log if line.startswith("denied")]  # `perform` did that


async def test_reading_without_a_permission_is_null_coded_and_journalled(
    run: Callable[..., Any], shelf: Any, books: list[str], make: Callable[..., Any]
) -> None:
    query = "{ books(first: 2) { nodes { title secret } } }"
    refused = await run(query)
    assert [node["secret"] for node in refused["data"]["books"]["nodes"]] == [None, None]
    assert {error["extensions"]["code"] for error in refused["errors"]} == {"FORBIDDEN"}
    assert "denied books.nodes.secret journal.read" in shelf.log
    allowed = await run(query, scope=make(permissions=["journal.read"]))
    assert [node["secret"] for node in allowed["data"]["books"]["nodes"]] == ["hidden", "hidden"]


async def test_an_operation_that_takes_too_long_is_stopped(
    run: Callable[..., Any], shelf: Any
) -> None:
    answer = await run("{ slow(seconds: 30) }", seconds=0.01)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "OPERATION_TIMEOUT"
    assert answer["data"] is None
    assert shelf.open == 0


async def test_a_journal_that_fails_keeps_the_answer_back(
    run: Callable[..., Any], shelf: Any, books: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(self: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("cordee_graphql.operation.Operation.settle", fail)
    answer = await run("{ books { nodes { title } } }")
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"


async def test_nothing_is_read_after_the_end(shelf: Any, make: Callable[..., Any]) -> None:
    operation = Operation(shelf, make())
    async with operation.read():
        pass
    await operation.close()
    with pytest.raises(RuntimeError):
        async with operation.read():
            pass


async def test_the_end_waits_for_readers_that_are_still_at_it(
    shelf: Any, make: Callable[..., Any]
) -> None:
    operation = Operation(shelf, make())
    steps: list[str] = []

    async def reader() -> None:
        async with operation.read():
            await asyncio.sleep(0.01)
            steps.append("read")

    task = asyncio.create_task(reader())
    await asyncio.sleep(0)
    await operation.close()
    steps.append("closed")
    await task
    assert steps == ["read", "closed"]
