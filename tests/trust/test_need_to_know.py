"""Protected persons: each policy that hides them is altered in turn, and a behaviour must show it.

Runs on every table of the classes ``person`` and ``personal``, as they are declared, inside a
superuser's transaction that is rolled back.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from cordee_core.database.lint import declared_classes, lint

TABLES = {name: kind for name, kind in declared_classes().items() if kind in ("person", "personal")}
_GRANTED = (
    "IN (SELECT a.person_id FROM core.person_access a WHERE a.member_id = (SELECT ctx.member())"
)
_SYSTEM = "OR (SELECT ctx.member()) IS NULL"


@dataclass
class Shelter:
    """A table with a row of A about a protected person, and a member with access."""

    connection: Any
    table: str
    kind: str
    member: UUID
    person: UUID
    sign: Callable[[UUID | None], str]
    flag: str

    async def touched(self, statement: str, member: UUID | None, *setup: str) -> int:
        """How many rows a statement touches for a member; undone afterwards."""
        inner = self.connection.transaction()
        await inner.start()
        try:
            for each in setup:
                await self.connection.execute(each)
            await self.connection.fetchval(
                "SELECT set_config('cordee.context', $1, true),"
                " set_config('role', 'cordee_app', true)",
                self.sign(member),
            )
            return int((await self.connection.execute(statement)).split()[-1])
        finally:
            await inner.rollback()

    @property
    def statements(self) -> list[str]:
        """Reading, and writing without reading: no policy for SELECT helps there."""
        return [f"SELECT * FROM {self.table}", *self.writing]

    @property
    def writing(self) -> list[str]:
        return [f"UPDATE {self.table} SET tenant_id = ctx.tenant()", f"DELETE FROM {self.table}"]


async def strangers_know_nothing(it: Shelter) -> bool:
    """A member without access neither reads nor writes, whoever else has access."""
    return [await it.touched(one, uuid4()) for one in it.statements] == [0, 0, 0]


async def members_with_access_know(it: Shelter) -> bool:
    """Full access reads and writes."""
    return [await it.touched(one, it.member) for one in it.statements] == [1, 1, 1]


async def access_ends(it: Shelter) -> bool:
    """Access that has ended is none."""
    end = "UPDATE core.person_access SET ended_at = now()"
    return [await it.touched(one, it.member, end) for one in it.statements] == [0, 0, 0]


async def access_is_to_one_person(it: Shelter) -> bool:
    """Access to somebody else is none to this person."""
    other = f"UPDATE core.person_access SET person_id = '{uuid4()}'"
    return [await it.touched(one, it.member, other) for one in it.statements] == [0, 0, 0]


async def less_than_full_writes_nothing(it: Shelter) -> bool:
    """Less than full access shows the person's row, nothing about them, and writes nothing."""
    less = "UPDATE core.person_access SET level = 'summary'"
    found = [await it.touched(one, it.member, less) for one in it.statements]
    return found == [1 if it.kind == "person" else 0, 0, 0]


async def everybody_knows_who_is_not_protected(it: Shelter) -> bool:
    """Who is not protected is there for every member."""
    opened = f"UPDATE {it.table} SET {it.flag} = false"
    if it.kind == "person":
        opened += ", secrecy = 'none', disclosure = 'full'"
    return [await it.touched(one, uuid4(), opened) for one in it.statements] == [1, 1, 1]


async def jobs_know(it: Shelter) -> bool:
    """A job of the tenant, which acts for no member, reads and writes."""
    return [await it.touched(one, None) for one in it.statements] == [1, 1, 1]


async def what_is_disclosed_is_read_and_not_written(it: Shelter) -> bool:
    """A person of whom something is disclosed is there for all, to be read."""
    if it.kind == "personal":
        return True
    shown = f"UPDATE {it.table} SET disclosure = 'exists' WHERE protected"
    return [await it.touched(one, uuid4(), shown) for one in it.statements] == [1, 0, 0]


BEHAVIOURS: list[Callable[[Shelter], Awaitable[bool]]] = [
    strangers_know_nothing,
    members_with_access_know,
    access_ends,
    access_is_to_one_person,
    less_than_full_writes_nothing,
    everybody_knows_who_is_not_protected,
    jobs_know,
    what_is_disclosed_is_read_and_not_written,
]


def mutants(table: str, kind: str) -> list[str]:
    """Every single change of a policy that must show."""
    person = "id" if kind == "person" else "person_id"
    found = []
    for name in ("known_select", "known_update", "known_delete"):
        shown = kind == "person" and name == "known_select"
        first = "disclosure <> 'none'" if shown else "NOT protected"
        level = "" if shown else " AND a.level = 'full'"
        ended = " AND a.ended_at IS NULL"
        wrong = [
            "true",
            "false",
            f"{first} {_SYSTEM}",
            f"{first} OR {person} {_GRANTED}{ended}{level})",
            f"{person} {_GRANTED}{ended}{level}) {_SYSTEM}",
            f"{first} OR {person} {_GRANTED}{level}) {_SYSTEM}",
            f"{first} OR EXISTS (SELECT FROM core.person_access a"
            f" WHERE a.member_id = (SELECT ctx.member()){ended}{level}) {_SYSTEM}",
            f"{first} OR {person} IN (SELECT a.person_id FROM core.person_access a"
            f" WHERE true{ended}{level}) {_SYSTEM}",
        ]
        if not shown:
            wrong.append(f"{first} OR {person} {_GRANTED}{ended}) {_SYSTEM}")
        found += [f"ALTER POLICY {name} ON {table} USING ({one})" for one in wrong]
        found += [
            f"DROP POLICY {name} ON {table}",
            f"ALTER POLICY {name} ON {table} TO cordee_auth",
        ]
    return found


@pytest.fixture
async def shelter(request: pytest.FixtureRequest, yard: Any, admin: Any) -> Shelter:
    """The table with its row, protected; every right is given, so that only policies refuse."""
    table, kind = request.param, TABLES[request.param]
    await admin.execute("SET LOCAL session_replication_role = replica")
    rows = yard.a.rows
    person, member = rows["core.persons"]["id"], rows["core.members"]["id"]
    generated = await admin.fetchval(
        "SELECT attgenerated <> '' FROM pg_attribute WHERE attrelid = $1::text::regclass"
        " AND attname = 'protected'", table,
    )  # fmt: skip
    flag = "person_protected" if generated else "protected"
    set_ = f"{flag} = true"
    if kind == "person":
        set_ += ", secrecy = 'restricted', disclosure = 'none'"
    else:
        set_ += f", person_id = '{person}'"
    await admin.execute(f"UPDATE {table} SET {set_} WHERE tenant_id = $1", yard.a.id)
    await admin.execute("UPDATE core.person_access SET level = 'full', ended_at = NULL")
    await admin.execute(f"GRANT ALL ON {table} TO cordee_app")

    def sign(acting: UUID | None) -> str:
        return str(yard.context(yard.a.id, member=acting))

    return Shelter(admin, table, kind, member, person, sign, flag)


@pytest.mark.parametrize("shelter", sorted(TABLES), indirect=True, ids=str)
async def test_every_mutant_of_what_hides_a_person_is_killed(shelter: Shelter) -> None:
    for behaviour in BEHAVIOURS:
        assert await behaviour(shelter), f"{behaviour.__name__} fails without any mutant"
    survivors, unseen = [], []
    for mutant in mutants(shelter.table, shelter.kind):
        inner = shelter.connection.transaction()
        await inner.start()
        await shelter.connection.execute(mutant)
        killed = False
        for behaviour in BEHAVIOURS:
            killed = killed or not await behaviour(shelter)
        if mutant.startswith("DROP"):
            findings = [one for one in await lint(shelter.connection) if one.table == shelter.table]
            if not any(one.rule.startswith("L02") for one in findings):
                unseen.append(mutant)
        await inner.rollback()
        if not killed:
            survivors.append(mutant)
    assert survivors == []
    assert unseen == []


def test_persons_and_cases_are_of_the_classes() -> None:
    assert TABLES["core.persons"] == "person"
    assert {"core.cases", "core.person_identifiers", "core.person_changes"} <= TABLES.keys()
