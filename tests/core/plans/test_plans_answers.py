"""Answers: not asked with a reason, contradicting, still valid, and the domains not explored."""

from datetime import date, timedelta
from typing import Any

import pytest

from cordee_core.assessments.queries import assessments_of
from cordee_core.assessments.valid_answers import explored, valid_answers
from cordee_core.clock import now
from cordee_core.errors import InvalidAnswerError, InvalidInputError

SSM, ETHOS = "housing.ssm", "housing.ethos_light"
LONG_AGO = date(2020, 1, 1)


async def known(office: Any, code: str) -> list[Any]:
    instrument = office.tenancy["referent"].host.instrument(code)[1]
    scope = office.tenancy["referent"]
    async with office.engine.transaction(cordee__context=scope.signed()):
        rows = await assessments_of(scope.tenant, [office.case], now().date())
    return list(valid_answers(instrument, rows.get(office.case, [])))


async def test_not_asked_with_a_reason_is_an_answer(own_office: Any) -> None:
    await own_office.called()
    answers = [1, 1, 1, 1, 1, None, None, None, 0]
    open_ = await own_office.row("assessments", await own_office.assess("health.phq9", answers))
    assert open_["result"]["ask"] == ["q6", "q7", "q8"]
    reasons = dict.fromkeys(("q6", "q7", "q8"), "Trop fatigué")
    closed = await own_office.row(
        "assessments", await own_office.assess("health.phq9", answers, not_asked=reasons)
    )
    assert closed["not_asked"] == reasons
    assert closed["result"]["ask"] == []
    assert closed["result"]["score"] is None


@pytest.mark.parametrize(
    ("reasons", "error"),
    [
        ({"nothing": "x"}, InvalidAnswerError),
        ({"housing": "x"}, InvalidAnswerError),
        ({"income": " "}, InvalidInputError),
    ],
)
async def test_reasons_stand_for_items_without_an_answer(
    office: Any, reasons: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error) as refused:
        await office.assess(SSM, {"housing": 1}, not_asked=reasons)
    assert refused.value.path[:2] == ("input", "notAsked")  # type: ignore[attr-defined]
    assert (
        await office.rows("SELECT id FROM core.assessments WHERE case_id = $1", office.case) == []
    )


async def test_contradicting_answers_of_two_informants_are_both_kept(office: Any) -> None:
    await office.assess(SSM, {"housing": 4}, informant="person")
    await office.assess(SSM, {"housing": 1}, informant="relative")
    found = await known(office, SSM)
    assert [(one.item, one.informant, one.value) for one in found] == [
        ("housing", "person", 4), ("housing", "relative", 1),
    ]  # fmt: skip


async def test_the_newest_valid_answer_of_each_informant_counts(office: Any) -> None:
    await office.assess(SSM, {"housing": 1, "income": 2}, assessed_on=LONG_AGO)
    assert await known(office, SSM) == []
    yesterday = now().date() - timedelta(days=1)
    await office.assess(SSM, {"housing": 2, "income": 3}, assessed_on=yesterday)
    await office.assess(SSM, {"housing": 3})
    assert {one.item: one.value for one in await known(office, SSM)} == {
        "housing": 3, "income": 3,
    }  # fmt: skip


async def test_answers_still_valid_are_taken_over_and_age_as_they_are(office: Any) -> None:
    earlier = now().date() - timedelta(days=10)
    first = await office.row(
        "assessments",
        await office.assess(SSM, {"housing": 2, "income": 3, "food": 5}, assessed_on=earlier),
    )
    await office.assess(SSM, {"legal": 1}, informant="relative")
    taken = await office.row("assessments", await office.assess(
        SSM, {"housing": 4}, take_over=True, not_asked={"food": "Hors sujet"},
    ))  # fmt: skip
    assert taken["answers"] == {"housing": 4, "income": 3}
    assert taken["valid_until"] == first["valid_until"]
    plain = await office.row("assessments", await office.assess(SSM, {"housing": 4}))
    assert plain["answers"] == {"housing": 4}
    assert plain["valid_until"] > first["valid_until"]


async def test_an_instrument_tells_the_life_domains_that_its_answers_explore(office: Any) -> None:
    instrument = office.tenancy["referent"].host.instrument(SSM)[1]
    assert explored(instrument, {"housing"}) == {"material"}
    assert explored(instrument, {"housing", "family_relations"}) == {"material", "social"}
    assert explored(instrument, ()) == set()


async def test_planning_waits_for_the_instruments_of_the_model(office: Any) -> None:
    await office.need("strength")
    assert await office.against("planning") == {"instrument_missing"}
    await office.assess(ETHOS, {"living_situation": "hostel"})
    await office.assess(SSM, {"housing": 1}, assessed_on=LONG_AGO)
    assert await office.against("planning") == {"instrument_expired"}
    await office.assess(SSM, {"housing": 1})
    assert await office.against("planning") == set()


async def test_an_assessment_with_open_questions_is_not_final(own_office: Any) -> None:
    await own_office.called()
    await own_office.need("strength")
    await own_office.set_model(stages=[
        *({"code": one, "name": {"en": one, "fr": one}} for one in ("intake", "planning")),
        {"code": "assessment", "name": {"en": "a", "fr": "a"}, "instruments": ["health.phq9"]},
        *(
            {"code": one, "name": {"en": one, "fr": one}}
            for one in ("implementation", "monitoring", "evaluation", "closed", "on_hold",
                        "reopened", "transferred", "refused")
        ),
    ])  # fmt: skip
    answers = [1, 1, 1, 1, 1, None, None, None, 0]
    await own_office.assess("health.phq9", answers)
    assert await own_office.against("planning") == {"instrument_not_final"}
    reasons = dict.fromkeys(("q6", "q7", "q8"), "Trop fatigué")
    await own_office.assess("health.phq9", answers, not_asked=reasons)
    assert await own_office.against("planning") == set()
