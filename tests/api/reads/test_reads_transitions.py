"""The transitions of a page of cases: as many statements and calls as those of one case."""

from typing import Any

import pytest

from cordee_core.cases import guards
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.people.register_person import PersonDraft, register_person

TEXT = "query ($n: Int!) { cases(first: $n) { nodes { number transitions { stage possible"
TEXT += " objections { code text } } } } }"


@pytest.fixture
async def opened(both: Any) -> Any:
    ours, _ = both
    for number in range(4):
        person = await ours.do(
            "referent", register_person, PersonDraft(family_name=f"Page{number}")
        )
        draft = CaseDraft(
            person=person["person"], programme=ours.uuids["Programme"], request_source="self",
            requested_on=ours["referent"].clock().date(),
        )  # fmt: skip
        await ours.do("referent", open_case, draft)
    return ours


async def test_a_page_asks_every_guard_once(
    opened: Any, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    check = guards.check_transitions

    async def counted(*args: Any, **given: Any) -> Any:
        calls.append(len(given["requests"]))
        return await check(*args, **given)

    monkeypatch.setattr(guards, "check_transitions", counted)
    sent = []
    for number in (1, 4):
        data = await reader.data(opened["referent"], TEXT, n=number)
        sent.append(len(reader.statements))
        assert len(data["cases"]["nodes"]) == number
    assert len(calls) == 2
    assert calls[1] == 4 * calls[0]
    assert sent[0] == sent[1]
    for node in data["cases"]["nodes"]:
        found = {
            one["stage"]: {that["code"] for that in one["objections"]}
            for one in node["transitions"]
        }
        assert found == {
            "ASSESSMENT": {"selection_missing", "consent_missing", "referent_missing"},
            "REFUSED": {"selection_missing"},
        }  # fmt: skip
        assert not any(one["possible"] for one in node["transitions"])


async def test_what_stands_against_it_is_said_in_the_callers_language(
    opened: Any, reader: Any
) -> None:
    told = set()
    for language in ("fr", "en"):
        data = await reader.data(opened["referent"], TEXT, n=1, language=language)
        told.add(data["cases"]["nodes"][0]["transitions"][0]["objections"][0]["text"])
    assert told == {"la sélection n'a pas été décidée", "the selection has not been decided"}
