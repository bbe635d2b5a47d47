"""Getters of definitions: what is taken, what is refused, and where the mistake is said to lie."""

import datetime
from decimal import Decimal

import pytest

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    at,
    code,
    day,
    decimal,
    integer,
    listed,
    mapping,
    one_of,
    source,
    storable,
    string,
    text,
    unique,
)


def test_an_error_says_where_and_what() -> None:
    error = DefinitionError("items[2].text.fr", "French text missing")
    assert (error.where, error.problem) == ("items[2].text.fr", "French text missing")
    assert str(error) == "items[2].text.fr: French text missing"
    assert isinstance(error, ValueError)


def test_places_are_written_as_they_are_read() -> None:
    assert at("", "items") == "items"
    assert at(at("items", 2), "text") == "items[2].text"


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"en": "Name"}, "t.fr"),
        ({"fr": "Nom"}, "t.en"),
        ({"en": "Name", "fr": "  "}, "t.fr"),
        ({"en": "Name", "fr": 3}, "t.fr"),
        ("Name", "t"),
        ({"en": "Name", "fr": "No\x00m"}, "t.fr"),
        ({"en": "Name", "fr": "Nom", "French!": "Nom"}, "t"),
        (None, "t"),
        ({1: "Name"}, "t"),
    ],
)
def test_a_text_needs_both_languages(raw: object, where: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        text(raw, "t")
    assert caught.value.where == where


def test_a_text_keeps_further_languages() -> None:
    assert text({"en": "Name", "fr": "Nom", "es": "Nombre"}, "t")["es"] == "Nombre"


@pytest.mark.parametrize("raw", ["ssm", "Housing.ssm", "a.b.c", "a.", ".b", "a b.c", "", 3, None])
def test_a_code_has_exactly_one_prefix(raw: object) -> None:
    with pytest.raises(DefinitionError):
        code(raw, "code")


def test_numbers_stay_exact() -> None:
    assert decimal(0.1, "n") == Decimal("0.1")
    assert decimal("12.50", "n") == Decimal("12.50")
    for wrong in (True, None, "x", float("nan"), float("inf"), [1], "1e99"):
        with pytest.raises(DefinitionError):
            decimal(wrong, "n")


def test_true_is_no_number_and_one_is_not_true() -> None:
    with pytest.raises(DefinitionError):
        integer(True, "n")
    with pytest.raises(DefinitionError):
        Fields({"yes": 1}, "").need("yes", lambda raw, where: mapping(raw, where))


def test_dates_are_days() -> None:
    assert day("2026-02-28", "d") == day(datetime.date(2026, 2, 28), "d")
    for wrong in (
        "28/02/2026",
        "2026-02-30",
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        2026,
    ):
        with pytest.raises(DefinitionError):
            day(wrong, "d")


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    with pytest.raises(DefinitionError, match=r"a\.tilte: this key is not known; .*'title'"):
        Fields({"tilte": 1}, "a", ("title", "code"))


def test_null_and_absent_are_the_same() -> None:
    fields = Fields({"here": None}, "a", ("here", "there"))
    assert fields.maybe("here", string) is None
    assert fields.maybe("there", string) is None
    with pytest.raises(DefinitionError, match=r"a\.here: this key is missing"):
        fields.need("here", string)


def test_data_that_the_database_cannot_hold_is_refused() -> None:
    assert storable({"all": [{"n": 1.5, "ok": None}]}, "c") == {"all": [{"n": 1.5, "ok": None}]}
    for wrong in ({"a": ["\x00"]}, {"a": {"\ud800": 1}}, {"a": [datetime.date(2026, 1, 1)]}):
        with pytest.raises(DefinitionError, match=r"^c: "):
            storable(wrong, "c")


def test_a_wrong_choice_lists_the_right_ones() -> None:
    with pytest.raises(
        DefinitionError, match=r"'shp' is none of ship, forbidden; did you mean 'ship'"
    ):
        one_of(("ship", "forbidden"))("shp", "v")


def test_a_list_says_which_element_is_wrong() -> None:
    with pytest.raises(DefinitionError) as caught:
        listed(["a", 2], "names", string)
    assert caught.value.where == "names[1]"
    with pytest.raises(DefinitionError):
        unique(["a", "b", "a"], "names")


def test_a_source_has_its_date_and_says_whether_it_was_read() -> None:
    found = source({"citation": "A law", "date": "2026-01-01"}, "s")
    assert found.verified is False
    with pytest.raises(DefinitionError, match=r"s\.date"):
        source({"citation": "A law"}, "s")
