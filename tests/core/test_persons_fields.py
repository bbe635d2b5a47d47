"""Fields that a tenant adds to the record of a person, and identifiers."""

from typing import Any

import pytest

from cordee_core.database.engine import fetch
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import perform
from cordee_core.errors import (
    FieldInvalidError,
    IdentifierInvalidError,
    IdentifierTakenError,
    InvalidInputError,
    StaleObjectError,
)
from cordee_core.people.define_field import define_field
from cordee_core.people.edit_identifiers import (
    IdentifierDraft,
    IdentifierRemoval,
    KindDraft,
    add_identifier,
    define_kind,
    remove_identifier,
)
from cordee_core.people.fields import FieldDraft
from cordee_core.people.register_person import (
    PersonChange,
    PersonDraft,
    register_person,
    update_person,
)
from cordee_core.people.tables import Person

LABEL = {"en": "Shoe size", "fr": "Pointure"}


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


FIELDS = (
    FieldDraft(code="shoe", type="integer", label=LABEL, least="15", most="60"),
    FieldDraft(code="weight", type="decimal", label=LABEL, least="0.5"),
    FieldDraft(code="since", type="date", label=LABEL, most="2026-12-31"),
    FieldDraft(code="pet", type="boolean", label=LABEL),
    FieldDraft(code="motto", type="text", label=LABEL, most="10"),
    FieldDraft(
        code="school", type="choice", label=LABEL, required=True,
        options=(("none", {"en": "None", "fr": "Aucune"}), ("some", {"en": "Some", "fr": "Une"})),
    ),
)  # fmt: skip
RIGHT = {
    "shoe": 42,
    "weight": "61.50",
    "since": "2026-01-31",
    "pet": False,
    "motto": "Va",
    "school": "some",
}


async def test_own_fields_take_values_of_their_type(do: Any, read: Any) -> None:
    for field in FIELDS:
        await do(define_field, field, "admin")
    draft = PersonDraft(family_name="A", extra=RIGHT)
    person = (await do(register_person, draft))["person"]
    assert (await read(person))["extra"] == RIGHT
    values = {"extra": {"shoe": {"unanswered": "refused"}, "motto": None}}
    await do(update_person, PersonChange(person=person, row_version=1, values=values))
    kept = {**RIGHT, "shoe": {"unanswered": "refused"}}
    del kept["motto"]
    assert (await read(person))["extra"] == kept


@pytest.mark.parametrize(
    "wrong",
    [
        {"shoe": 14}, {"shoe": 61}, {"shoe": "many"}, {"shoe": True}, {"weight": "0.4"},
        {"weight": "NaN"}, {"since": "31/01/2026"}, {"since": "2027-01-01"}, {"pet": "yes"},
        {"motto": "far too long"}, {"motto": 1}, {"school": "other"}, {"unheard_of": 1},
        {"school": None}, {"shoe": {"unanswered": "maybe"}}, {"shoe": {"a": 1}},
    ],
    ids=str,
)  # fmt: skip
async def test_own_fields_refuse_what_does_not_fit(do: Any, wrong: dict[str, Any]) -> None:
    for field in FIELDS:
        await do(define_field, field, "admin")
    with pytest.raises(FieldInvalidError) as caught:
        await do(register_person, PersonDraft(family_name="A", extra={**RIGHT, **wrong}))
    assert caught.value.path == ("input", "extra", *wrong)
    problem = caught.value.params["problem"]
    assert problem["en"] != problem["fr"]


async def test_a_required_field_takes_unknown_for_an_answer(do: Any, read: Any) -> None:
    await do(define_field, FIELDS[-1], "admin")
    with pytest.raises(FieldInvalidError):
        await do(register_person, PersonDraft(family_name="A"))
    extra = {"school": {"unanswered": "unknown"}}
    made = await do(register_person, PersonDraft(family_name="A", extra=extra))
    assert (await read(made["person"]))["extra"] == extra


@pytest.mark.parametrize(
    ("draft", "path"),
    [
        (FieldDraft(code="A b", type="text", label=LABEL), "code"),
        (FieldDraft(code="a", type="colour", label=LABEL), "code"),
        (FieldDraft(code="ab", type="colour", label=LABEL), "type"),
        (FieldDraft(code="ab", type="choice", label=LABEL), "options"),
        (FieldDraft(code="ab", type="text", label={"en": "A", "fr": ""}), "label"),
        (FieldDraft(code="ab", type="boolean", label=LABEL, least="1"), "least"),
        (FieldDraft(code="ab", type="integer", label=LABEL, least="x"), "least"),
        (FieldDraft(code="ab", type="integer", label=LABEL, least="2", most="1"), "most"),
    ],
)
async def test_a_definition_that_contradicts_itself(do: Any, draft: Any, path: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await do(define_field, draft, "admin")
    assert caught.value.path[:2] == ("input", path)


async def test_a_definition_changes_by_row_version(do: Any) -> None:
    field = FieldDraft(code="shoe", type="integer", label=LABEL)
    await do(define_field, field, "admin")
    for version in (None, 2):
        with pytest.raises(StaleObjectError):
            await do(
                define_field,
                FieldDraft(code="shoe", type="text", label=LABEL, row_version=version),
                "admin",
            )
    await do(
        define_field, FieldDraft(code="shoe", type="text", label=LABEL, row_version=1), "admin"
    )


async def _person(do: Any) -> Any:
    return (await do(register_person, PersonDraft(family_name="A")))["person"]


async def test_identifiers_are_normalised_and_verified(do: Any, engine: Any, tenant: Any) -> None:
    person = await _person(do)
    given = IdentifierDraft(person=person, row_version=1, kind="nhs_number", value="943 476-5919")
    await do(add_identifier, given)
    (found,) = await rows(engine, tenant, "SELECT * FROM core.person_identifiers")
    assert (found["kind"], found["value"]) == ("nhs_number", "9434765919")
    assert found["system"] == "https://fhir.nhs.uk/Id/nhs-number"
    with pytest.raises(IdentifierInvalidError):
        await do(
            add_identifier,
            IdentifierDraft(person=person, row_version=2, kind="fr_nir", value="255081416802539"),
        )


async def test_an_identifier_belongs_to_one_person(do: Any) -> None:
    one, other = await _person(do), await _person(do)
    given = {"kind": "nhs_number", "value": "9434765919", "row_version": 1}
    await do(add_identifier, IdentifierDraft(person=one, **given))
    with pytest.raises(IdentifierTakenError):
        await do(add_identifier, IdentifierDraft(person=other, **given))
    removal = IdentifierRemoval(
        person=one, row_version=2, kind="nhs_number", reason="Typed wrongly"
    )
    await do(remove_identifier, removal)
    await do(add_identifier, IdentifierDraft(person=other, **given))


async def test_a_person_has_one_identifier_of_a_kind_and_system(do: Any) -> None:
    person = await _person(do)
    await do(define_kind, KindDraft(code="badge", title=LABEL), "admin")
    for version, system in ((1, "north"), (2, "south")):
        draft = IdentifierDraft(
            person=person, row_version=version, kind="badge", value=f"é-{version}", system=system
        )
        await do(add_identifier, draft)
    draft = IdentifierDraft(person=person, row_version=3, kind="badge", value="7", system="north")
    with pytest.raises(IdentifierTakenError):
        await do(add_identifier, draft)


async def test_kinds_that_nobody_defined_are_refused(do: Any) -> None:
    person = await _person(do)
    draft = IdentifierDraft(person=person, row_version=1, kind="badge", value="7")
    with pytest.raises(InvalidInputError):
        await do(add_identifier, draft)
    with pytest.raises(InvalidInputError):
        await do(define_kind, KindDraft(code="fr_nir", title=LABEL), "admin")
