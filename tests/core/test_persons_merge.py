"""Merging two records of one person, and parting them again exactly as they were."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.database.unit_of_work import perform
from cordee_core.errors import (
    ForbiddenError,
    InvalidInputError,
    MergeConflictError,
    NotFoundError,
    PersonMergedError,
    StaleObjectError,
)
from cordee_core.people.edit_identifiers import IdentifierDraft, add_identifier
from cordee_core.people.merge_persons import (
    MergeDraft,
    UnmergeDraft,
    merge_persons,
    unmerge_person,
)
from cordee_core.people.protect_person import ProtectDraft, protect_person
from cordee_core.people.register_person import (
    PersonChange,
    PersonDraft,
    register_person,
    update_person,
)
from cordee_core.people.search import SearchDraft, find_matches, parse_search
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme

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


async def programme(do: Any, code: str | None = None) -> Any:
    draft = CopyDraft(template="housing.support_to_housing", code=code)
    copied = await do(copy_programme, draft)
    await do(activate_programme, ActivateDraft(programme=copied["programme"], row_version=1))
    return copied["programme"]


async def open_one(do: Any, person: Any, where: Any) -> Any:
    draft = CaseDraft(
        person=person, programme=where, request_source="self", requested_on=date(2026, 1, 1)
    )
    return (await do(open_case, draft))["case"]


async def whole(superuser: Any, tenant: Any) -> dict[str, list[str]]:
    """Every row of the tenant by table, without row versions and what only ever grows."""
    found = {}
    tables = await superuser.fetch(
        "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a"
        " ON a.attrelid = c.oid AND a.attname = 'tenant_id' WHERE c.relkind = 'r'"
        " AND c.relnamespace::regnamespace::text = 'core'"
    )
    for (name,) in tables:
        if name not in LEFT_OUT:
            rows = await superuser.fetch(
                f"SELECT (to_jsonb(t) - 'row_version')::text AS row FROM {name} t"
                " WHERE tenant_id = $1", tenant.id,
            )  # fmt: skip
            found[name] = sorted(row["row"] for row in rows)
    return found


async def test_a_merge_moves_what_is_about_the_person_and_is_undone_exactly(
    do: Any, superuser: Any, tenant: Any
) -> None:
    where = await programme(do)
    old, new = await register(do, "Étoile", given_names="Nour"), await register(do, "Etoile")
    case = await open_one(do, old, where)
    given = IdentifierDraft(person=old, row_version=1, kind="nhs_number", value="9434765919")
    await do(add_identifier, given)
    before = await whole(superuser, tenant)
    draft = MergeDraft(
        person=old, row_version=2, into=new, into_row_version=1, reason="Same birth certificate"
    )
    await do(merge_persons, draft)
    for table in ("core.cases", "core.person_identifiers"):
        rows = await superuser.fetch(
            f"SELECT person_id FROM {table} WHERE tenant_id = $1", tenant.id
        )
        assert {row["person_id"] for row in rows} == {new}
    pointer = await superuser.fetchrow("SELECT * FROM core.persons WHERE id = $1", old)
    assert (pointer["merged"], pointer["merged_into"]) == (True, new)
    assert await whole(superuser, tenant) != before
    await do(unmerge_person, UnmergeDraft(person=old, row_version=3, reason="Two cousins"))
    assert await whole(superuser, tenant) == before
    assert await superuser.fetchval("SELECT person_id FROM core.cases WHERE id = $1", case) == old


async def test_what_came_after_the_merge_stays_with_the_other_record(
    do: Any, superuser: Any
) -> None:
    first, second = await programme(do), await programme(do, "second")
    old, new = await register(do, "A"), await register(do, "B")
    moved = await open_one(do, old, first)
    await do(
        merge_persons,
        MergeDraft(person=old, row_version=1, into=new, into_row_version=1, reason="x"),
    )
    later = await open_one(do, new, second)
    await do(unmerge_person, UnmergeDraft(person=old, row_version=2, reason="x"))
    rows = await superuser.fetch(
        "SELECT id, person_id FROM core.cases WHERE id = ANY ($1)", [moved, later]
    )
    assert {row["id"]: row["person_id"] for row in rows} == {moved: old, later: new}


async def test_a_merged_record_is_found_under_its_names_and_leads_to_the_other(
    do: Any, engine: Any, tenant: Any
) -> None:
    old, new = await register(do, "Ancienne"), await register(do, "Nouvelle")
    await do(
        merge_persons,
        MergeDraft(person=old, row_version=1, into=new, into_row_version=1, reason="x"),
    )
    async with engine.transaction(cordee__context=tenant["reader"].signed()):
        for text in ("ancienne", "nouvelle"):
            found = await find_matches(tenant.id, parse_search(SearchDraft(text)))
            assert [one.person for one in found.persons] == [new]
    with pytest.raises(PersonMergedError):
        await do(update_person, PersonChange(person=old, row_version=2, values={"phone": "1"}))
    with pytest.raises(PersonMergedError):
        await open_one(do, old, await programme(do))


async def test_a_merge_is_journalled_for_both_and_kept_with_its_reason(
    do: Any, superuser: Any, tenant: Any
) -> None:
    old, new = await register(do, "A"), await register(do, "B")
    await do(
        merge_persons,
        MergeDraft(person=old, row_version=1, into=new, into_row_version=1, reason="Why"),
    )
    row = await superuser.fetchrow(
        "SELECT subjects FROM core.journal_entries WHERE tenant_id = $1 AND action = 'test'"
        " ORDER BY id DESC LIMIT 1", tenant.id,
    )  # fmt: skip
    assert set(row["subjects"]) == {old, new}
    changes = await superuser.fetch(
        "SELECT person_id, reason FROM core.person_changes WHERE kind = 'merged'"
        " AND person_id = ANY ($1)", [old, new],
    )  # fmt: skip
    assert {(one["person_id"], one["reason"]) for one in changes} == {(old, "Why"), (new, "Why")}


async def test_conflicting_identifiers_stand_against_a_merge(
    do: Any, superuser: Any, tenant: Any
) -> None:
    old, new = await register(do, "A"), await register(do, "A")
    for person, value in ((old, "9434765919"), (new, "4010232137")):
        draft = IdentifierDraft(person=person, row_version=1, kind="nhs_number", value=value)
        await do(add_identifier, draft)
    before = await whole(superuser, tenant)
    with pytest.raises(MergeConflictError) as caught:
        await do(
            merge_persons,
            MergeDraft(person=old, row_version=2, into=new, into_row_version=2, reason="x"),
        )
    assert caught.value.path == ("input", "intoId")
    assert "nhs_number" in caught.value.params["problem"]["en"]  # type: ignore[index]
    assert await whole(superuser, tenant) == before


async def test_two_open_cases_in_one_programme_stand_against_a_merge(
    do: Any, superuser: Any, tenant: Any
) -> None:
    where = await programme(do)
    old, new = await register(do, "A"), await register(do, "A")
    for person in (old, new):
        await open_one(do, person, where)
    before = await whole(superuser, tenant)
    with pytest.raises(MergeConflictError):
        await do(
            merge_persons,
            MergeDraft(person=old, row_version=1, into=new, into_row_version=1, reason="x"),
        )
    assert await whole(superuser, tenant) == before


async def test_a_protected_person_is_merged_with_nobody_who_is_not(do: Any) -> None:
    old, new = await register(do, "A"), await register(do, "A")
    draft = ProtectDraft(person=old, row_version=1, protection="restricted", reason="Threats")
    await do(protect_person, draft)
    with pytest.raises(MergeConflictError):
        await do(
            merge_persons,
            MergeDraft(person=old, row_version=3, into=new, into_row_version=1, reason="x"),
        )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"row_version": 7}, StaleObjectError),
        ({"into_row_version": 7}, StaleObjectError),
        ({"reason": " "}, InvalidInputError),
        ({"into": "person"}, MergeConflictError),
        ({"into": "stranger"}, NotFoundError),
    ],
    ids=str,
)
async def test_a_merge_that_can_not_be(
    do: Any, tenants: Any, superuser: Any, tenant: Any, change: dict[str, Any], error: Any
) -> None:
    old, new = await register(do, "A"), await register(do, "A")
    given = {
        "person": old,
        "row_version": 1,
        "into": new,
        "into_row_version": 1,
        "reason": "x",
        **change,
    }
    given["into"] = {"person": old, "stranger": tenants[1].person}.get(
        str(given["into"]), given["into"]
    )
    before = await whole(superuser, tenant)
    with pytest.raises(error):
        await do(merge_persons, MergeDraft(**given))
    assert await whole(superuser, tenant) == before


async def test_who_may_merge(do: Any) -> None:
    old, new = await register(do, "A"), await register(do, "A")
    draft = MergeDraft(person=old, row_version=1, into=new, into_row_version=1, reason="x")
    with pytest.raises(ForbiddenError):
        await do(merge_persons, draft, "referent")
    with pytest.raises(MergeConflictError):
        await do(unmerge_person, UnmergeDraft(person=old, row_version=1, reason="x"))
