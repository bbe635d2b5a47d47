"""Folding, checksums, scores and levels: pure rules, by property where one can be said."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.people.disclosure import LEVELS, SHOWN, highest, reaches
from cordee_core.people.duplicates import LEAST, Traits, likeness, similarity
from cordee_core.people.fold import fold, last_digits, name_tokens, script_of, words
from cordee_core.people.identifiers import KNOWN, nhs_is_right, nir_is_right, normalised
from cordee_core.people.search import SearchDraft, parse_search

NAMES = st.text(min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Étoile", "etoile"), ("ÉTOILE", "etoile"), ("Łukasz", "lukasz"), ("STRASSE", "strasse"),
        ("Straße", "strasse"), ("Øster", "oster"), ("Ægir", "aegir"), ("Ὀδυσσεύς", "οδυσσευσ"),
        ("İbrahim", "ibrahim"), ("أحمد", "احمد"), ("فاطمة", "فاطمه"), ("ﬁ", "fi"),
        ("Ｎｏｕｒ", "nour"),
    ],
)  # fmt: skip
def test_case_and_accents_are_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize("mark", ["'", "’", "-", "‑", "ʼ", "–"])
def test_apostrophes_and_hyphens_part_words_and_join_them(mark: str) -> None:
    assert name_tokens([f"O{mark}Neil"]) == {"o", "neil", "oneil"}
    assert words(f"Jean{mark}Pierre") == ["jean", "pierre"]


@given(NAMES)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(NAMES)
def test_every_word_that_is_searched_is_a_token_of_the_name(text: str) -> None:
    assert set(words(text)) <= name_tokens([text])
    assert set(words(text.upper())) <= name_tokens([text]) | name_tokens([text.upper()])


@given(st.lists(NAMES, min_size=1, max_size=4), st.randoms())
def test_the_order_of_words_does_not_matter(names: list[str], dice: random.Random) -> None:
    shuffled = dice.sample(names, len(names))
    if any(words(name) for name in names):
        one, other = (
            parse_search(SearchDraft(" ".join(each) + " x")) for each in (names, shuffled)
        )
        assert one == other


def test_scripts_are_told() -> None:
    assert [script_of(one) for one in ("Étoile", "نجمة", "Звезда", "星", "12")] == [
        "latin", "arabic", "cyrillic", "cjk", "unknown",
    ]  # fmt: skip


def test_a_telephone_number_is_the_same_with_and_without_its_country() -> None:
    assert last_digits("+33 6 12 34 56 78") == last_digits("06.12.34.56.78") == "612345678"


@pytest.mark.parametrize(
    "value", ["255081416802538", "1 84 12 76 451 089 46", "1 51 02 2A 004 059 45"]
)
def test_a_right_nir_is_taken(value: str) -> None:
    number = normalised(value)
    key = 97 - int(number[:13].replace("2A", "19").replace("2B", "18")) % 97
    assert nir_is_right(f"{number[:13]}{key:02d}")


def test_the_published_example_of_a_nir() -> None:
    assert nir_is_right("255081416802538")
    assert not nir_is_right("255081416802539")


def test_corsica_counts_2a_as_19_and_2b_as_18() -> None:
    for letters, digits in (("2A", "19"), ("2B", "18")):
        key = 97 - int(f"15102{digits}004059") % 97
        assert nir_is_right(f"15102{letters}004059{key:02d}")
        assert not nir_is_right(f"15102{letters}004059{key % 97 + 1:02d}")


@given(st.integers(min_value=10**12, max_value=5 * 10**12 - 1), st.integers(1, 97))
def test_no_other_key_is_right(number: int, key: int) -> None:
    if str(number)[0] in "12478" or str(number)[0] in "34":
        assert nir_is_right(f"{number}{key:02d}") == (key == 97 - number % 97)


def test_the_published_example_of_an_nhs_number() -> None:
    assert nhs_is_right("9434765919")
    assert not nhs_is_right("9434765918")


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_an_nhs_number_has_one_check_digit_at_most(number: int) -> None:
    right = [digit for digit in range(10) if nhs_is_right(f"{number:09d}{digit}")]
    remainder = sum(int(one) * (10 - at) for at, one in enumerate(f"{number:09d}")) % 11
    assert right == ([] if remainder == 1 else [(11 - remainder) % 11])


@given(NAMES)
def test_a_checksum_takes_any_text(text: str) -> None:
    assert all(kind.check(normalised(text)) in (True, False) for kind in KNOWN.values())


TRAITS = st.builds(
    Traits,
    names=st.frozensets(
        st.sampled_from(["nour", "etoile", "jean", "jeanne", "martin"]), max_size=3
    ),
    birth_date=st.none() | st.dates(date(1980, 1, 1), date(1980, 3, 3)),
    precision=st.sampled_from(["day", "month", "year"]),
    phones=st.frozensets(st.sampled_from(["612345678", "698765432"]), max_size=1),
    identifiers=st.frozensets(
        st.tuples(st.just(("nhs_number", "")), st.sampled_from(["1", "2"])), max_size=1
    ),
)


@given(TRAITS, TRAITS)
def test_a_score_is_the_same_both_ways_and_is_what_its_reasons_say(
    one: Traits, other: Traits
) -> None:
    found = likeness(one, other)
    assert found == likeness(other, one)
    assert 0 <= found.score <= 100
    assert found.score == max(0, min(100, sum(reason.points for reason in found.reasons)))


@given(TRAITS)
def test_nothing_is_likelier_than_the_same(one: Traits) -> None:
    same = likeness(one, one)
    assert all(reason.points > 0 for reason in same.reasons)


@given(TRAITS, TRAITS)
def test_other_identifiers_of_a_kind_always_lower_the_score(one: Traits, other: Traits) -> None:
    bare = Traits(one.names, one.birth_date, one.precision, one.phones)
    kind = ("nhs_number", "")
    mine = Traits(*_parts(bare), frozenset({(kind, "1")}))
    theirs = Traits(*_parts(other), frozenset({(kind, "2")}))
    assert likeness(mine, theirs).score <= likeness(bare, theirs).score


def _parts(one: Traits) -> tuple[object, ...]:
    return one.names, one.birth_date, one.precision, one.phones


@given(st.frozensets(NAMES, min_size=1, max_size=4), st.frozensets(NAMES, min_size=1, max_size=4))
def test_similarity_is_symmetric_and_whole_for_the_same(one: set[str], other: set[str]) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert similarity(one, one) == 100


def test_scores_that_people_would_give() -> None:
    def who(*names: str, born: date | None = None) -> Traits:
        return Traits(frozenset(name_tokens(names)), born, "day")

    born = date(1990, 2, 1)
    alike = likeness(who("Nour Étoile", born=born), who("ETOILE Nour", born=born))
    assert (alike.score, [one.code for one in alike.reasons]) == (
        85,
        ["same_name", "same_birth_date"],
    )
    typed = likeness(who("Dupont Marie", born=born), who("Dupond Marie", born=born))
    assert typed.score >= LEAST
    assert {one.code for one in typed.reasons} == {"similar_name", "same_birth_date"}
    swapped = likeness(who("Ali Ben", born=born), who("Ali Ben", born=date(1990, 1, 2)))
    assert "swapped_birth_date" in {one.code for one in swapped.reasons}
    assert likeness(who("Marie Martin"), who("Marie Martin")).score < LEAST


def test_levels_rise_from_none_to_full() -> None:
    assert LEVELS == ("none", "exists", "name", "summary", "full")
    for at, level in enumerate(LEVELS):
        assert [reaches(level, one) for one in LEVELS] == [place <= at for place in range(5)]
    assert highest([]) == "none"
    assert highest(["name", "full", "exists"]) == "full"
    assert set(SHOWN.values()) == set(LEVELS[1:])
    assert (SHOWN["number"], SHOWN["family_name"], SHOWN["birth_date"], SHOWN["phone"]) == LEVELS[
        1:
    ]
