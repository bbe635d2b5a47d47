"""Records that may be of one person, and what refers to persons at all."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from cordee_core.database.rows import find
from cordee_core.database.tables import DECLARED
from cordee_core.database.unit_of_work import perform
from cordee_core.people.find_duplicates import find_duplicates
from cordee_core.people.following import STAYS, following
from cordee_core.people.queries import referring_rows
from cordee_core.people.register_person import (
    PersonDraft,
    register_person,
)
from cordee_core.people.tables import Person

LEFT_OUT = {
    "core.journal_entries", "core.person_changes", "core.person_merges", "core.idempotency_keys",
    "core.outbox",
}  # fmt: skip


@pytest.fixture
def do(engine: Any, tenant: Any) -> Any:
    async def run(use_case: Any, draft: Any, role: str = "supervisor") -> Any:
        return (await perform(engine, tenant[role], "test", use_case, draft)).changed

    return run


@pytest.fixture
async def superuser(cluster: Any) -> Any:
    connection = await asyncpg.connect(cluster.superuser_url())
    yield connection
    await connection.close()


async def register(do: Any, family: str, **more: Any) -> Any:
    return (await do(register_person, PersonDraft(family_name=family, **more)))["person"]


async def test_duplicates_have_a_score_and_reasons_and_nothing_merges_by_itself(
    do: Any, engine: Any, tenant: Any, superuser: Any
) -> None:
    born = {"birth_date": date(1990, 2, 1), "birth_date_precision": "day"}
    old = await register(do, "Étoile", given_names="Nour", **born)
    new = await register(do, "ETOILE", given_names="Nour", phone="0612345678", **born)
    await register(do, "Étoile", given_names="Sam")
    scope = tenant["reader"]
    async with engine.transaction(cordee__context=scope.signed()):
        (found,) = await find_duplicates(scope, await find(Person, new))
    assert found.person == old
    assert found.likeness.score == 85
    assert [one.code for one in found.likeness.reasons] == ["same_name", "same_birth_date"]
    assert not await superuser.fetchval(
        "SELECT bool_or(merged) FROM core.persons WHERE tenant_id = $1", tenant.id
    )


async def test_every_table_that_refers_to_a_person_follows_or_stays(
    superuser: Any, engine: Any, tenant: Any
) -> None:
    rows = await superuser.fetch(
        "SELECT k.conrelid::regclass::text AS name, (SELECT a.attname::text FROM pg_attribute a"
        " WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[2]) AS column"
        " FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = 'core.persons'::regclass"
    )
    async with engine.transaction(cordee__context=tenant["admin"].signed()):
        moving = {(one.table, one.column) for one in following(await referring_rows())}
    rights = {f"{schema}.{name}": table.app_rights for (schema, name), table in DECLARED.items()}
    left = {(row["name"], row["column"]) for row in rows} - moving - STAYS
    assert {table for table, _ in left if "UPDATE" in rights[table]} == set()
    assert ("core.person_changes", "person_id") in left
    assert {("core.cases", "person_id"), ("core.members", "person_id")} <= moving
    for table, _ in moving:
        assert await superuser.fetchval(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = $1::text::regclass"
            " AND attname = 'id'", table,
        ) == 1, table  # fmt: skip
