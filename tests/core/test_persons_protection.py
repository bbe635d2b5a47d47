"""Protected persons: who may know of them is decided by PostgreSQL, access by access."""

from typing import Any

import pytest

from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.database.engine import fetch
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import perform
from cordee_core.errors import (
    ForbiddenError,
    InvalidInputError,
    NotDisclosedError,
    NotFoundError,
    StaleObjectError,
)
from cordee_core.people.disclosure import LEVELS, levels_for
from cordee_core.people.edit_identifiers import IdentifierDraft, add_identifier
from cordee_core.people.protect_person import (
    AccessDraft,
    AccessEnd,
    ProtectDraft,
    end_access,
    grant_access,
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


SEEN = {
    "core.persons": "id",
    "core.person_changes": "person_id",
    "core.person_identifiers": "person_id",
    "core.cases": "person_id",
}


async def test_only_members_with_access_see_a_protected_person_and_what_is_about_them(
    do: Any, rows: Any
) -> None:
    person = (await do(register_person, PersonDraft(family_name="Cachée")))["person"]
    await do(
        add_identifier,
        IdentifierDraft(person=person, row_version=1, kind="nhs_number", value="9434765919"),
    )
    await open_one(do, person)
    draft = ProtectDraft(person=person, row_version=2, protection="restricted", reason="Threats")
    await do(protect_person, draft)
    for table, column in SEEN.items():
        query = f"SELECT 1 FROM {table} WHERE {column} = $1"
        assert await rows("referent", query, person), table
        for role in ("supervisor", "team_member", "reader", "admin", "person"):
            assert await rows(role, query, person) == [], (table, role)


async def test_access_is_granted_with_a_reason_by_level_and_ends(
    do: Any, rows: Any, tenant: Any
) -> None:
    person = await protected(do)
    supervisor = tenant["supervisor"].actor.id
    query = "SELECT family_name FROM core.persons WHERE id = $1"
    with pytest.raises(InvalidInputError):
        await do(grant_access, AccessDraft(person=person, member=supervisor, reason=" "))
    assert await rows("supervisor", query, person) == []
    await do(
        grant_access, AccessDraft(person=person, member=supervisor, reason="Review", level="name")
    )
    assert len(await rows("supervisor", query, person)) == 1
    assert (
        await rows("supervisor", "SELECT 1 FROM core.person_changes WHERE person_id = $1", person)
        == []
    )
    await do(grant_access, AccessDraft(person=person, member=supervisor, reason="Review"))
    assert await rows(
        "supervisor", "SELECT 1 FROM core.person_changes WHERE person_id = $1", person
    )
    await do(end_access, AccessEnd(person=person, member=supervisor, reason="Reviewed"))
    assert await rows("supervisor", query, person) == []
    kept = await rows(
        "referent",
        "SELECT kind, reason FROM core.person_changes WHERE person_id = $1 ORDER BY id", person,
    )  # fmt: skip
    assert [(one["kind"], one["reason"]) for one in kept][1:] == [
        ("protected", "Threats"), ("access_granted", "Review"), ("access_granted", "Review"),
        ("access_ended", "Reviewed"),
    ]  # fmt: skip


async def test_who_has_no_access_is_told_that_there_is_nobody(do: Any, tenant: Any) -> None:
    person = await protected(do)
    absent = tenant.id
    for one in (person, absent):
        draft = PersonChange(person=one, row_version=2, values={"phone": "1"})
        with pytest.raises(NotFoundError):
            await do(update_person, draft, "team_member")
        draft = AccessDraft(person=one, member=tenant["supervisor"].actor.id, reason="Me")
        with pytest.raises(NotFoundError):
            await do(grant_access, draft, "supervisor")
        draft = ProtectDraft(person=one, row_version=2, protection="none", reason="Me")
        with pytest.raises(NotFoundError):
            await do(protect_person, draft, "supervisor")


async def test_nobody_writes_a_protected_record_by_sql_either(do: Any, rows: Any) -> None:
    person = await protected(do, disclosure="summary")
    assert await rows("reader", "SELECT 1 FROM core.persons WHERE id = $1", person)
    change = "UPDATE core.persons SET phone = '1' WHERE id = $1 RETURNING 1"
    assert await rows("team_member", change, person) == []
    assert await rows("referent", change, person)


@pytest.mark.parametrize("level", LEVELS)
async def test_what_is_open_to_all_and_what_was_granted_make_the_level(
    do: Any, engine: Any, tenant: Any, level: str
) -> None:
    person = await protected(do, disclosure=level)
    scope = tenant["supervisor"]

    async def seen() -> str:
        async with engine.transaction(cordee__context=scope.signed()):
            try:
                row = await find(Person, person)
            except NotFoundError:
                return "none"
            return (await levels_for(scope, [row]))[person]

    assert await seen() == level
    await do(
        grant_access, AccessDraft(person=person, member=scope.actor.id, reason="x", level="name")
    )
    assert await seen() == max(level, "name", key=LEVELS.index)


async def test_less_than_everything_is_not_enough_to_change(do: Any, tenant: Any) -> None:
    person = await protected(do, disclosure="summary")
    draft = PersonChange(person=person, row_version=3, values={"phone": "1"})
    with pytest.raises(NotDisclosedError):
        await do(update_person, draft, "team_member")


async def test_who_may_protect(do: Any) -> None:
    person = (await do(register_person, PersonDraft(family_name="A")))["person"]
    draft = ProtectDraft(person=person, row_version=1, protection="restricted", reason="x")
    with pytest.raises(ForbiddenError):
        await do(protect_person, draft, "team_member")
    draft = ProtectDraft(person=person, row_version=9, protection="restricted", reason="x")
    with pytest.raises(StaleObjectError):
        await do(protect_person, draft)
    draft = ProtectDraft(person=person, row_version=1, protection="restricted", reason="")
    with pytest.raises(InvalidInputError):
        await do(protect_person, draft)


async def test_the_person_themself_keeps_their_access(do: Any, rows: Any, tenant: Any) -> None:
    draft = ProtectDraft(
        person=tenant.person, row_version=1, protection="restricted", reason="Threats"
    )
    await do(protect_person, draft)
    query = "SELECT 1 FROM core.persons WHERE id = $1"
    assert await rows("person", query, tenant.person)
    assert not await rows("reader", query, tenant.person)
