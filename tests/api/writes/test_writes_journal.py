"""What a mutation shows in its payload is journalled as read: once, and never less."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cordee_graphql.ids import decode

Entries = Callable[[], Awaitable[list[tuple[str, list[UUID]]]]]


@pytest.fixture
async def entries(world: Any, cluster: Any) -> Any:
    """Return the entries of the journal that came since this was asked last: kind and subjects."""
    await world.open()
    connection = await asyncpg.connect(cluster.superuser_url())
    seen: set[UUID] = set()

    async def found() -> list[tuple[str, list[UUID]]]:
        rows = await connection.fetch(
            "SELECT id, kind, subjects FROM core.journal_entries WHERE tenant_id = $1 ORDER BY id",
            world.tenant,
        )
        new = [row for row in rows if row["id"] not in seen]
        seen.update(row["id"] for row in new)
        return [(row["kind"], row["subjects"]) for row in new]

    await found()
    yield found
    await connection.close()


NOTE = 'noteAdd(input: {caseId: "%s", text: "Seen."})'


@pytest.mark.parametrize(
    ("payload", "reads"),
    [
        ("userErrors { code }", 0),
        ("note { text } userErrors { code }", 1),
        ("__typename note { text case { person { familyName } } } userErrors { code }", 1),
        ("note { text } case { number person { familyName } }", 1),
        ("one: note { text } two: note { id author { displayName } }", 1),
    ],
)
async def test_a_payload_is_one_read(
    world: Any, entries: Entries, payload: str, reads: int
) -> None:
    person = decode(world.ids["person"])[1]
    answer = await world.client.ask(
        f"mutation {{ {NOTE % world.ids['case']} {{ {payload} }} }}", token=world.tokens["referent"]
    )
    assert "errors" not in answer, answer
    assert await entries() == [("write", [person]), *[("read", [person])] * reads]


async def test_each_root_field_writes_and_reads_for_itself(world: Any, entries: Entries) -> None:
    person = decode(world.ids["person"])[1]
    note = NOTE % world.ids["case"]
    answer = await world.client.ask(
        f"mutation {{ a: {note} {{ note {{ text }} }} b: {note} {{ note {{ text }} }} }}",
        token=world.tokens["referent"],
    )
    assert "errors" not in answer, answer
    once = [("write", [person]), ("read", [person])]
    assert await entries() == once * 2


async def test_a_refused_change_leaves_no_entry(world: Any, entries: Entries) -> None:
    answer = await world.client.ask(
        f"mutation {{ {NOTE % world.ids['person']} {{ note {{ text }} userErrors {{ code }} }} }}",
        token=world.tokens["referent"],
    )
    assert answer["data"]["noteAdd"]["note"] is None
    assert await entries() == []
