"""The record of a person: names in any script, answers that differ from empty, own fields."""

from datetime import date
from typing import Any

import pytest

from cordee_core.database.engine import fetch
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import perform
from cordee_core.errors import (
    InvalidInputError,
    StaleObjectError,
)
from cordee_core.people.names import ContactPoint, FurtherName
from cordee_core.people.register_person import (
    PersonChange,
    PersonDraft,
    register_person,
    update_person,
)
from cordee_core.people.tables import Person


@pytest.fixture
def do(engine: Any, tenant: Any) -> Any:
    """Runs a use case in the tenant of this test."""

    async def run(use_case: Any, draft: Any, role: str = "referent") -> Any:
        return (await perform(engine, tenant[role], "test", use_case, draft)).changed

    return run


@pytest.fixture
def read(engine: Any, tenant: Any) -> Any:
    """Reads a person's row."""

    async def run(person: Any, role: str = "referent") -> Any:
        async with engine.transaction(cordee__context=tenant[role].signed()):
            return await find(Person, person)

    return run


async def rows(engine: Any, tenant: Any, query: str, *args: Any) -> list[Any]:
    async with engine.transaction(cordee__context=tenant["referent"].signed()):
        return await fetch(query, *args)


async def test_names_are_kept_in_every_script_with_their_kind(do: Any, read: Any) -> None:
    names = (
        FurtherName(kind="official", family_name="نجمة", given_names="نور"),
        FurtherName(kind="birth", family_name="Łukasiewicz", given_names="Nour"),
        FurtherName(kind="used", family_name="星"),
        FurtherName(kind="alias", family_name="Звезда"),
    )
    made = await do(register_person, PersonDraft(family_name="Étoile", names=names))
    found = (await read(made["person"]))["names"]
    assert [(one["kind"], one["script"]) for one in found] == [
        ("official", "arabic"), ("birth", "latin"), ("used", "cjk"), ("alias", "cyrillic"),
    ]  # fmt: skip
    assert (found[0]["family_name"], found[0]["given_names"]) == ("نجمة", "نور")


@pytest.mark.parametrize("precision", ["day", "month", "year"])
async def test_a_birth_date_says_how_exact_it_is(do: Any, read: Any, precision: str) -> None:
    draft = PersonDraft(
        family_name="A", birth_date=date(1990, 2, 1), birth_date_precision=precision
    )
    found = await read((await do(register_person, draft))["person"])
    assert (found["birth_date"], found["birth_date_precision"]) == (date(1990, 2, 1), precision)


async def test_unknown_and_refused_differ_from_empty(do: Any, read: Any) -> None:
    empty = await read((await do(register_person, PersonDraft(family_name="A")))["person"])
    for name in ("sex", "gender", "birth_date_precision", "interpreter_needed", "phone"):
        assert empty[name] is None, name
    assert empty["unanswered"] == {}
    draft = PersonDraft(
        family_name="B", sex="refused", gender="unknown", birth_date_precision="refused",
        email="b@example.org",
        unanswered={"phone": "refused", "languages": "unknown", "email": "refused"},
    )  # fmt: skip
    found = await read((await do(register_person, draft))["person"])
    assert [found[name] for name in ("sex", "gender", "birth_date_precision")] == [
        "refused", "unknown", "refused",
    ]  # fmt: skip
    assert found["unanswered"] == {"phone": "refused", "languages": "unknown"}


async def test_an_answer_that_comes_takes_the_refusal_away(do: Any, read: Any) -> None:
    draft = PersonDraft(family_name="B", unanswered={"phone": "refused", "email": "unknown"})
    person = (await do(register_person, draft))["person"]
    values = {"phone": "0612345678"}
    await do(update_person, PersonChange(person=person, row_version=1, values=values))
    assert (await read(person))["unanswered"] == {"email": "unknown"}


async def test_languages_interpreter_and_safe_contact(do: Any, read: Any) -> None:
    draft = PersonDraft(
        family_name="A", languages=("ar", "fr"), languages_read=("ar",), interpreter_needed=True,
        safe_contact="Text only, never at night",
        contact_points=(
            ContactPoint(kind="phone", value="0612345678", note="sister", safe=True),
            ContactPoint(kind="address", value="1 rue X", safe=False),
        ),
    )  # fmt: skip
    found = await read((await do(register_person, draft))["person"])
    assert (list(found["languages"]), list(found["languages_read"])) == (["ar", "fr"], ["ar"])
    assert found["interpreter_needed"] is True
    assert found["safe_contact"] == "Text only, never at night"
    assert [(one["kind"], one["safe"]) for one in found["contact_points"]] == [
        ("phone", True), ("address", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "path"),
    [
        (PersonDraft(), ("input", "familyName")),
        (
            PersonDraft(
                family_name="A", birth_date=date(2999, 1, 1),
                birth_date_precision="day",
            ),
            ("input", "birthDate"),
        ),
        (PersonDraft(family_name="A", birth_date_precision="day"), ("input", "birthDatePrecision")),
        (PersonDraft(family_name="A", gender="x"), ("input", "gender")),
        (PersonDraft(family_name="A", languages_read=("French",)), ("input", "languagesRead", 0)),
        (
            PersonDraft(family_name="A", names=(FurtherName(kind="alias", family_name=" "),)),
            ("input", "names", 0, "familyName"),
        ),
        (
            PersonDraft(family_name="A", unanswered={"phone": "maybe"}),
            ("input", "unanswered"),
        ),
        (PersonDraft(family_name="A", coded=True), ("input", "familyName")),
    ],
    ids=lambda one: ".".join(map(str, one)) if isinstance(one, tuple) else "",
)  # fmt: skip
async def test_a_record_that_cannot_be_taken(
    do: Any, engine: Any, tenant: Any, draft: PersonDraft, path: Any
) -> None:
    before = await rows(engine, tenant, "SELECT count(*) FROM core.persons")
    with pytest.raises(InvalidInputError) as caught:
        await do(register_person, draft)
    assert caught.value.path == path
    assert await rows(engine, tenant, "SELECT count(*) FROM core.persons") == before


async def test_every_change_is_kept_with_its_fields_who_and_when(
    do: Any, engine: Any, tenant: Any
) -> None:
    person = (await do(register_person, PersonDraft(family_name="A", phone="1234567")))["person"]
    values = {"family_name": "B", "phone": "1234567", "sex": "female"}
    await do(update_person, PersonChange(person=person, row_version=1, values=values))
    found = await rows(
        engine, tenant,
        "SELECT kind, fields, changed_by, changed_at FROM core.person_changes"
        " WHERE person_id = $1 ORDER BY id", person,
    )  # fmt: skip
    assert [(one["kind"], list(one["fields"])) for one in found] == [
        ("registered", ["family_name", "phone"]), ("updated", ["family_name", "sex"]),
    ]  # fmt: skip
    assert {one["changed_by"] for one in found} == {tenant["referent"].actor.id}
    assert found[0]["changed_at"] < found[1]["changed_at"]


async def test_a_stale_change_is_refused(do: Any) -> None:
    person = (await do(register_person, PersonDraft(family_name="A")))["person"]
    draft = PersonChange(person=person, row_version=1, values={"family_name": "B"})
    await do(update_person, draft)
    with pytest.raises(StaleObjectError):
        await do(update_person, draft)
