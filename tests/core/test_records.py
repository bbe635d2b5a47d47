"""What a planned read and a unit of work leave behind, in how many messages."""

from itertools import product
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from cordee_core.access.scope import Actor, Scope
from cordee_core.clock import new_id
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.database.read_session import ReadSession
from cordee_core.database.records import closing
from cordee_core.database.transaction import LockedConnection

SHOWN = "SELECT convert_to($1, 'UTF8') AS answer, $2::uuid[] AS persons"


@pytest.fixture
def scope(cluster: Any) -> Scope:
    """A member of a tenant that nobody else uses."""
    nobody: Any = None
    member = Actor(id=new_id(), roles=(), display_name="M")
    return Scope(tenant=new_id(), keys=cluster.keys, host=nobody, member=member, request_id="r-1")


async def entries(engine: CordeeEngine, scope: Scope) -> list[dict[str, Any]]:
    """The tenant's journal."""
    async with engine.transaction(cordee__context=scope.signed()):
        rows = await engine.fetch("SELECT * FROM core.journal_entries ORDER BY id")
        return [dict(row) for row in rows]


async def show(session: ReadSession, persons: list[UUID] | None, *, alone: bool = True) -> bytes:
    """Read as the planner's road does."""
    async with session.active():
        row = await session.send(SHOWN, ["{}", persons], alone=alone)
        assert row is not None
        session.saw(row["persons"] or ())
        found: bytes = row["answer"]
        return found


async def test_a_lone_read_is_journalled_as_any_other(engine: CordeeEngine, scope: Scope) -> None:
    """The same entry, persons once and in order, whoever writes it."""
    persons = [uuid4() for _ in range(3)]
    for alone in (True, False):
        session = ReadSession(engine, scope, "Page")
        assert await show(session, [*persons, persons[0]], alone=alone) == b"{}"
        await session.finish()
    first, second = await entries(engine, scope)
    assert first["subjects"] == sorted(persons)
    assert scope.member
    assert (first["kind"], first["action"], first["member_id"], first["request_id"]) == (
        "read", "Page", scope.member.id, "r-1",
    )  # fmt: skip
    for differs in ("id", "at"):
        assert first.pop(differs) < second.pop(differs)
    assert first == second


async def test_a_lone_read_takes_three_messages(
    engine: CordeeEngine, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    for name in ("execute", "fetch"):
        usual = getattr(asyncpg.Connection, name)

        def counted(self: Any, query: str, *args: Any, _usual: Any = usual, **named: Any) -> Any:
            sent.append(query)
            return _usual(self, query, *args, **named)

        monkeypatch.setattr(asyncpg.Connection, name, counted)
    session = ReadSession(engine, scope, "Page")
    await show(session, [uuid4()])
    await session.finish()
    assert len(sent) == 3, sent
    assert sent[0].startswith("BEGIN; SELECT set_config('cordee.context', ")
    assert sent[2] == "COMMIT"


@pytest.mark.parametrize("persons", [None, []])
async def test_a_lone_read_of_nobody_is_not_journalled(
    engine: CordeeEngine, scope: Scope, persons: list[UUID] | None
) -> None:
    session = ReadSession(engine, scope, "Page")
    await show(session, persons)
    await session.finish()
    assert await entries(engine, scope) == []


async def test_what_is_not_shown_is_not_journalled(engine: CordeeEngine, scope: Scope) -> None:
    """A null answer, and one that only ordinary execution can write: that reads anew."""
    session = ReadSession(engine, scope, "Page")
    async with session.active():
        row = await session.send(SHOWN, [None, [uuid4()]], alone=True)
        assert row is not None
        assert row["answer"] is None
        await session.send(SHOWN, ["\x01", [uuid4()]], alone=True)
        await session.undo()
    async with session.active():
        await fetch("SELECT 1")
        session.saw([scope.tenant])
    await session.finish()
    (entry,) = await entries(engine, scope)
    assert entry["subjects"] == [scope.tenant]
    pool: Any = engine.pool
    assert pool.get_size() == pool.get_idle_size()


async def test_an_answer_whose_entry_a_later_failure_undid_is_given_to_nobody(
    engine: CordeeEngine, scope: Scope
) -> None:
    """It was not alone, whatever was said: whose records it shows is known to nobody any more."""
    session, person = ReadSession(engine, scope, "Page"), uuid4()
    await show(session, [person])
    async with session.active():
        with pytest.raises(asyncpg.DivisionByZeroError):
            await fetch("SELECT 1 / 0")
    with pytest.raises(RuntimeError, match="journal lost a read"):
        await session.finish()
    assert await entries(engine, scope) == []
    pool: Any = engine.pool
    assert pool.get_size() == pool.get_idle_size()


async def test_who_was_read_before_is_in_the_one_entry(engine: CordeeEngine, scope: Scope) -> None:
    """A second statement does not journal by itself, whatever it is told."""
    session, persons = ReadSession(engine, scope, "Page"), [uuid4(), uuid4()]
    await show(session, persons[:1], alone=False)
    await show(session, persons[1:], alone=True)
    await session.finish()
    (entry,) = await entries(engine, scope)
    assert entry["subjects"] == sorted(persons)


async def test_the_closing_statement_is_understood_with_whatever_there_is(
    engine: CordeeEngine, scope: Scope
) -> None:
    along = "c AS (SELECT id AS person_id FROM core.persons WHERE id = $1)"
    for journal, events, key, last in product((True, False), repeat=4):
        if not (journal or events or key):
            continue
        text = closing(
            journal=journal, events=events, key=key, parts=along if last else "", used=int(last)
        )
        async with engine.transaction(cordee__context=scope.signed()):
            count = 13 * journal + 7 * events + 7 * key + last
            connection: LockedConnection = engine.active.connection
            prepared = await connection.raw.prepare(text)
            assert len(prepared.get_parameters()) == count
