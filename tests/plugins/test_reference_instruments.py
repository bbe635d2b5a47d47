"""The bundled instruments against their worked examples, and against what holds for each."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cordee_core.errors import InvalidAnswerError
from cordee_core.instruments.definition import Instrument, parse_instrument
from cordee_core.instruments.score import check_answers, failing_references, score

ROOT = Path(__file__).parents[2] / "plugins"
ON = datetime.date(2026, 5, 4)


def _load(path: Path) -> Instrument:
    return parse_instrument(yaml.safe_load(path.read_text(encoding="utf-8")))


INSTRUMENTS = {
    one.code: one for one in map(_load, sorted(ROOT.glob("*/cordee_*/content/instruments/*.yaml")))
}


def _result(code: str, answers: object) -> dict[str, Any]:
    instrument = INSTRUMENTS[code]
    return score(instrument, check_answers(instrument, answers), ON).to_json()


BARRIERS = [
    *("sante", "logement", "mobilite", "garde_enfant"),
    *("proche_aidant", "numerique", "langue", "administratif_financier"),
]
CHILD = [
    *("fundamental_needs_and_rights", "health", "education"),
    *("development", "well_being", "signs_of_suffering"),
]
CLEAR = {"q1": "have_steady", "q2": [], "q3": "never", "q4": "never", "q5": False, "q6": "no"}


@pytest.mark.parametrize(
    ("code", "answers", "expected"),
    [
        (
            "health.phq9",
            [2, 1, 2, 1, 0, 1, 0, 0, 0],
            {"score": 7, "band": "mild", "phq2": 3, "phq2_positive": True, "flags": []},
        ),
        (
            "health.phq9",
            [3, 3, 2, 2, 1, 1, 0, 0, 1],
            {"score": 13, "band": "moderate", "flags": ["suicidal_ideation"]},
        ),
        (
            "health.phq9",
            [2, 2, 2, 2, 2, 2, 2, 2, None],
            {
                "score": 18,
                "band": "moderately_severe",
                "status": "prorated",
                "missing": 1,
                "flags": ["item9_unanswered"],
            },
        ),
        (
            "health.phq9",
            [None, None, None, 0, 0, 0, 0, 0, 3],
            {
                "score": None,
                "band": None,
                "status": "not_scorable",
                "missing": 3,
                "flags": ["suicidal_ideation"],
                "phq2": None,
            },
        ),
        ("housing.ssm", {"housing": 3, "employment": 3, "income": 4}, {"mean": 3.33, "n": 3}),
        (
            "housing.ssm",
            {"housing": 1, "employment": 4, "income": 4},
            {"mean": 3.0, "crisis_domains": ["housing"]},
        ),
        ("housing.ssm", {"housing": 5, "childcare": "na", "food": 3}, {"mean": 4.0, "n": 2}),
        ("housing.ssm", {"childcare": "na"}, {"mean": None, "status": "not_scorable"}),
        ("housing.hrsn_core6", CLEAR, {"needs": [], "unanswered": []}),
        ("housing.hrsn_core6", {**CLEAR, "q3": "sometimes"}, {"needs": ["food"]}),
        (
            "housing.hrsn_core6",
            {**CLEAR, "q2": ["pests"], "q6": "already_shut_off"},
            {"needs": ["housing", "utilities"]},
        ),
        ("housing.hrsn_core6", {**CLEAR, "q1": "worried_losing"}, {"needs": ["housing"]}),
        ("housing.hrsn_core6", {**CLEAR, "q5": None}, {"needs": [], "unanswered": ["q5"]}),
        ("housing.hrsn_core6", {}, {"needs": None, "status": "not_scorable"}),
        ("employment.barriers_fr", [0] * 8, {"path": "professionnel"}),
        (
            "employment.barriers_fr",
            {**dict.fromkeys(BARRIERS, 0), "mobilite": 2},
            {"path": "socio_professionnel"},
        ),
        (
            "employment.barriers_fr",
            {**dict.fromkeys(BARRIERS, 0), "logement": 3, "langue": 2},
            {"path": "social"},
        ),
        (
            "employment.barriers_fr",
            {**dict.fromkeys(BARRIERS, 1), "sante": None},
            {"path": "unknown", "status": "not_scorable", "ask": ["sante"]},
        ),
        ("child_protection.ip_grid", dict.fromkeys(CHILD, 0), {"band": "no_concern"}),
        (
            "child_protection.ip_grid",
            {**dict.fromkeys(CHILD, 0), "health": 2},
            {"band": "risk_of_danger", "judicial_referral": False},
        ),
        (
            "child_protection.ip_grid",
            {**dict.fromkeys(CHILD, 0), "signs_of_suffering": 3, "grave_immediate": True},
            {"band": "danger", "judicial_referral": True},
        ),
        (
            "child_protection.ip_grid",
            {**dict.fromkeys(CHILD, 0), "health": 3},
            {"band": "danger", "judicial_referral": None, "ask": ["grave_immediate"]},
        ),
    ],
)
def test_worked_examples_come_out(code: str, answers: object, expected: dict[str, object]) -> None:
    result = _result(code, answers)
    assert {key: result[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("situation", "category", "number"),
    [
        ("public_space", 1, 1),
        ("night_shelter", 2, 2),
        ("hostel", 3, 3),
        ("temporary_accommodation", 3, 4),
        ("transitional_supported", 3, 5),
        ("refuge_dv", 3, 6),
        ("hospital_no_housing_on_discharge", 4, 7),
        ("prison_no_housing_on_release", 4, 8),
        ("car_or_caravan_lack_of_housing", 5, 9),
        ("squat_nonconventional_building", 5, 10),
        ("temporary_structure", 5, 11),
        ("sofa_surfing_lack_of_housing", 6, 12),
        ("social_rental_tenant", None, None),
        ("private_tenant", None, None),
        ("owner_occupier", None, None),
        ("lives_with_family_by_choice", None, None),
    ],
)
def test_each_living_situation_has_its_category(
    situation: str, category: int | None, number: int | None
) -> None:
    result = _result("housing.ethos_light", {"living_situation": situation})
    assert result["operational_category"] == category
    assert result["living_situation_code"] == number
    assert result["homeless"] is (category is not None)
    assert result["status"] == "complete"


@pytest.mark.parametrize("code", sorted(INSTRUMENTS))
def test_the_cases_of_each_file_come_out(code: str) -> None:
    instrument = INSTRUMENTS[code]
    assert len(instrument.references) >= 3
    assert failing_references(instrument) == []


@pytest.mark.parametrize("code", sorted(INSTRUMENTS))
def test_each_instrument_says_that_it_decides_nothing(code: str) -> None:
    instrument = INSTRUMENTS[code]
    assert instrument.caution is not None
    assert instrument.validity_days


@pytest.mark.parametrize("code", sorted(INSTRUMENTS))
def test_nothing_answered_is_not_scorable(code: str) -> None:
    assert _result(code, {})["status"] == "not_scorable"


def test_a_wrong_situation_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidAnswerError, match="did you mean 'public_space'"):
        check_answers(INSTRUMENTS["housing.ethos_light"], {"living_situation": "publik_space"})


@given(st.lists(st.none() | st.integers(0, 3), min_size=9, max_size=9))
def test_phq9_gives_a_total_only_with_seven_answers(answers: list[int | None]) -> None:
    result = _result("health.phq9", answers)
    given_answers = [one for one in answers if one is not None]
    assert result["missing"] == 9 - len(given_answers)
    assert (result["score"] is None) == (len(given_answers) < 7)
    assert (result["status"] == "not_scorable") == (len(given_answers) < 7)
    assert ("suicidal_ideation" in result["flags"]) == bool(answers[8])
    if result["score"] is not None:
        assert sum(given_answers) <= result["score"] <= 27


@given(st.dictionaries(st.sampled_from(BARRIERS), st.integers(0, 3)))
def test_a_path_once_decided_stands_whatever_is_answered_later(answers: dict[str, int]) -> None:
    before = _result("employment.barriers_fr", answers)["path"]
    after = _result("employment.barriers_fr", dict.fromkeys(BARRIERS, 3) | answers)["path"]
    assert before in ("unknown", after)


@given(st.dictionaries(st.sampled_from(CHILD), st.integers(0, 3)))
def test_the_grid_for_children_never_adds_up(answers: dict[str, int]) -> None:
    result = _result("child_protection.ip_grid", answers)
    assert not [value for value in result.values() if type(value) in (int, float)]
    assert json.loads(json.dumps(result)) == result
