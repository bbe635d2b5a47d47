"""Needs, strengths and wishes: whose, in which life domain, from where; ended, never deleted."""

from datetime import date, timedelta
from typing import Any

import pytest

from cordee_core.clock import now
from cordee_core.errors import (
    AlreadyDecidedError,
    InvalidInputError,
    NotFoundError,
)
from cordee_core.needs.add_need import NeedDraft, add_need
from cordee_core.needs.domains import known_domains
from cordee_core.needs.end_need import NeedEnd, end_need


async def test_a_need_keeps_kind_domain_source_holder_and_words(office: Any) -> None:
    assessment = await office.assess("housing.ethos_light", {"living_situation": "hostel"})
    need = await office.need(
        "need", "Ma mère a besoin de repos", holder="relative", relative_name="Aya, sa mère",
        assessment=assessment, found_on=date(2026, 1, 10),
    )  # fmt: skip
    row = await office.row("needs", need)
    assert (row["kind"], row["life_domain"], row["words"]) == (
        "need", "social", "Ma mère a besoin de repos",
    )  # fmt: skip
    assert (row["source"], row["assessment_id"]) == ("assessment", assessment)
    assert (row["holder"], row["relative_name"]) == ("relative", "Aya, sa mère")
    assert row["found_on"] == date(2026, 1, 10)
    talk = await office.row("needs", await office.need("wish"))
    assert (talk["source"], talk["holder"]) == ("conversation", "person")
    assert (await office.kinds())[-2:] == ["need_added_need", "need_added_wish"]


async def test_a_need_ends_with_a_reason_and_stays(office: Any) -> None:
    need = await office.need("need")
    draft = NeedEnd(need=need, row_version=1, reason="Réglé")
    await office.do("referent", end_need, draft)
    row = await office.row("needs", need)
    assert row["ended_on"] is not None
    assert (row["end_reason"], row["words"]) == ("Réglé", "Je tiens à mon quartier")
    with pytest.raises(AlreadyDecidedError):
        await office.do("referent", end_need, draft)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"life_domain": "astral"}, "lifeDomain"),
        ({"life_domain": None}, "lifeDomain"),
        ({"kind": "none"}, "lifeDomain"),
        ({"words": " "}, "words"),
        ({"holder": "relative"}, "relativeName"),
        ({"relative_name": "Aya"}, "relativeName"),
        ({"found_on": now().date() + timedelta(days=2)}, "foundOn"),
    ],
)
async def test_a_malformed_need_is_refused_and_nothing_stays(
    office: Any, changes: dict[str, Any], path: str
) -> None:
    given = {"kind": "need", "words": "Un toit", "life_domain": "material", **changes}
    with pytest.raises(InvalidInputError) as refused:
        await office.do("referent", add_need, NeedDraft(case=office.case, **given))
    assert refused.value.path == ("input", path)
    assert await office.rows("SELECT id FROM core.needs WHERE case_id = $1", office.case) == []


async def test_an_assessment_of_another_case_is_no_source(
    office: Any, shared_office: Any, engine: Any
) -> None:
    other = await office.rows(
        "SELECT id FROM core.assessments WHERE case_id <> $1 LIMIT 1", office.case
    )
    if not other:
        pytest.fail("an earlier test left no assessment of another case")
    with pytest.raises(InvalidInputError):
        await office.need("need", assessment=other[0]["id"])
    with pytest.raises(NotFoundError):
        await office.need("need", assessment=office.case)


async def test_plugins_and_the_organisation_add_life_domains(office: Any) -> None:
    scope = office.tenancy["referent"]
    async with office.engine.transaction(cordee__context=scope.signed()):
        known = await known_domains(scope)
    assert list(known)[:5] == ["physical", "emotional", "social", "spiritual", "material"]


async def test_planning_waits_for_a_strength_or_a_wish_or_why_not(office: Any) -> None:
    assert "strength_missing" in await office.against("planning")
    await office.need("need")
    assert "strength_missing" in await office.against("planning")
    wish = await office.need("wish")
    assert "strength_missing" not in await office.against("planning")
    await office.do("referent", end_need, NeedEnd(need=wish, row_version=1, reason="Plus envie"))
    assert "strength_missing" in await office.against("planning")
    await office.need("none", "Nour ne souhaite pas en parler aujourd'hui")
    assert "strength_missing" not in await office.against("planning")
