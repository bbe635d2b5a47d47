"""Coded persons, and what of a protected person could tell that they exist."""

from typing import Any

import asyncpg
import pytest

from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.database.engine import fetch
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import perform
from cordee_core.errors import (
    InvalidInputError,
)
from cordee_core.people.edit_identifiers import IdentifierDraft, add_identifier
from cordee_core.people.find_duplicates import find_duplicates
from cordee_core.people.protect_person import (
    ProtectDraft,
    protect_person,
)
from cordee_core.people.register_person import (
    PersonChange,
    PersonDraft,
    register_person,
    update_person,
)
from cordee_core.people.tables import Person
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme


@pytest.fixture
def do(engine: Any, tenant: Any) -> Any:
    async def run(use_case: Any, draft: Any, role: str = "referent") -> Any:
        return (await perform(engine, tenant[role], "test", use_case, draft)).changed

    return run


@pytest.fixture
def rows(engine: Any, tenant: Any) -> Any:
    """Runs a statement as a member of a role."""

    async def run(role: str, query: str, *args: Any) -> list[Any]:
        async with engine.transaction(cordee__context=tenant[role].signed()):
            return list(await fetch(query, *args))

    return run


async def protected(do: Any, **more: Any) -> Any:
    person = (await do(register_person, PersonDraft(family_name="Cachée", phone="0612345678")))[
        "person"
    ]
    draft = {"protection": "restricted", "reason": "Threats", **more}
    await do(protect_person, ProtectDraft(person=person, row_version=1, **draft))
    return person


async def open_one(do: Any, person: Any) -> Any:
    copied = await do(
        copy_programme, CopyDraft(template="housing.support_to_housing"), "supervisor"
    )
    activate = ActivateDraft(programme=copied["programme"], row_version=1)
    await do(activate_programme, activate, "supervisor")
    from datetime import date

    draft = CaseDraft(
        person=person, programme=copied["programme"], request_source="self",
        requested_on=date(2026, 1, 1),
    )  # fmt: skip
    return (await do(open_case, draft))["case"]


async def test_a_coded_person_has_a_reference_and_no_name(do: Any, rows: Any) -> None:
    numbers = []
    for _ in range(3):
        person = (await do(register_person, PersonDraft(coded=True, sex="unknown")))["person"]
        (row,) = await rows("referent", "SELECT * FROM core.persons WHERE id = $1", person)
        assert (row["family_name"], row["given_names"], list(row["names"])) == (None, "", [])
        assert row["number"].startswith("C-")
        numbers.append(row["number"])
        assert await rows("reader", "SELECT 1 FROM core.persons WHERE id = $1", person) == []
    assert len(set(numbers)) == 3
    values = {"family_name": "Named"}
    with pytest.raises(InvalidInputError):
        await do(update_person, PersonChange(person=person, row_version=2, values=values))
    draft = ProtectDraft(person=person, row_version=2, protection="none", reason="x")
    with pytest.raises(InvalidInputError):
        await do(protect_person, draft)


async def test_a_coded_person_leaves_no_gap_in_the_numbers(do: Any, rows: Any) -> None:
    numbers = []
    for coded in (False, True, False):
        draft = PersonDraft(coded=coded, family_name=None if coded else "A")
        person = (await do(register_person, draft))["person"]
        (row,) = await rows("referent", "SELECT number FROM core.persons WHERE id = $1", person)
        numbers.append(row["number"])
    first, _, last = numbers
    assert int(last.rpartition("-")[2]) == int(first.rpartition("-")[2]) + 1


async def test_an_identifier_of_a_protected_person_is_not_told_by_a_refusal(do: Any) -> None:
    hidden = (await do(register_person, PersonDraft(family_name="A")))["person"]
    given = {"kind": "nhs_number", "value": "9434765919", "row_version": 1}
    await do(add_identifier, IdentifierDraft(person=hidden, **given))
    draft = ProtectDraft(person=hidden, row_version=2, protection="restricted", reason="Threats")
    await do(protect_person, draft)
    other = (await do(register_person, PersonDraft(family_name="B")))["person"]
    await do(add_identifier, IdentifierDraft(person=other, **given), "team_member")


async def test_who_is_protected_is_no_duplicate_of_anybody(
    do: Any, engine: Any, tenant: Any
) -> None:
    hidden = await protected(do)
    other = (await do(register_person, PersonDraft(family_name="Cachée", phone="0612345678")))[
        "person"
    ]
    for person in (other, hidden):
        scope = tenant["referent"]
        async with engine.transaction(cordee__context=scope.signed()):
            assert await find_duplicates(scope, await find(Person, person)) == []


async def test_a_case_of_a_protected_person_carries_the_mark(do: Any, rows: Any) -> None:
    person = await protected(do)
    case = await open_one(do, person)
    query = "SELECT protected, number FROM core.cases WHERE id = $1"
    (row,) = await rows("referent", query, case)
    assert row["protected"]
    assert row["number"].startswith("C-")
    assert await rows("supervisor", "SELECT 1 FROM core.cases WHERE id = $1", case) == []


async def test_the_mark_can_not_be_taken_off_what_is_about_the_person(
    do: Any, engine: Any, tenant: Any
) -> None:
    person = await protected(do)
    case = await open_one(do, person)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with engine.transaction(cordee__context=tenant["referent"].signed()):
            await fetch("UPDATE core.cases SET protected = false WHERE id = $1", case)


async def test_a_job_of_the_tenant_sees_them_and_a_stranger_with_no_context_nothing(
    do: Any, engine: Any, tenant: Any, tenants: Any
) -> None:
    from dataclasses import replace

    person = await protected(do)
    query = "SELECT 1 FROM core.persons WHERE id = $1"
    async with engine.transaction(cordee__context=replace(tenant["admin"], member=None).signed()):
        assert await fetch(query, person)
    async with engine.transaction():
        assert not await fetch(query, person)
    job = replace(tenants[0]["admin"], member=None)
    async with engine.transaction(cordee__context=job.signed()):
        assert not await fetch(query, person)
