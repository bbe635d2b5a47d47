"""Dry runs: the size of each profile, and who would change under other criteria."""

from typing import Any

from levels_ground import OTHER, RULE, YOUNG, activated, decided, edit, fresh, node, opened, text

RUN = (
    "targetGroupRun { persons profiles { code selected unknown notSelected }"
    " overlaps { first second persons } inNone undecided warnings { code label } }"
)


def profile(code: str, rule: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "name": text(code), "own_criteria": rule}


def from_year(year: int) -> dict[str, Any]:
    rule = fresh(RULE)
    rule["criteria"]["all"][0]["cmp"]["right"] = year
    rule["code"] = f"canton.from_{year}"
    return rule


async def three_cases(world: Any) -> list[str]:
    """Decide on a young person, one too young and one of whom little is known."""
    cases = [await opened(world) for _ in range(3)]
    for case, facts in zip(cases, (YOUNG, OTHER, {"school_year": 8}), strict=True):
        await decided(world, case, facts=facts)
    return cases


async def run(world: Any) -> dict[str, Any]:
    found = await node(world, world.ids["programme"], "Programme", RUN, "referent")
    return found["targetGroupRun"]


async def test_the_profiles_are_measured_on_known_persons(world: Any) -> None:
    await activated(world)
    await three_cases(world)
    two = [profile("young", RULE), profile("older", from_year(9))]
    await edit(world, targetGroup=two)
    found = await run(world)
    assert found["persons"] == 3
    assert found["profiles"] == [
        {"code": "young", "selected": 1, "unknown": 1, "notSelected": 1},
        {"code": "older", "selected": 1, "unknown": 0, "notSelected": 2},
    ]
    assert found["overlaps"] == [{"first": "young", "second": "older", "persons": 1}]
    assert (found["inNone"], found["undecided"], found["warnings"]) == (1, 1, [])


async def test_a_target_group_that_excludes_nobody_is_warned_of(world: Any) -> None:
    await activated(world)
    assert [one["code"] for one in (await run(world))["warnings"]] == ["nobody_known"]
    await decided(world, await opened(world))
    (warning,) = (await run(world))["warnings"]
    assert warning["code"] == "nothing_excluded"
    assert "particularly complex" in warning["label"]


CRITERIA = (
    "criteriaRun(profile: $profile, criteria: $criteria) { cases changes { case { id } before"
    " after selectedBefore selectedAfter decision } }"
)


async def tried(world: Any, criteria: Any, role: str = "referent") -> dict[str, Any]:
    return await world.client.ask(
        "query ($id: ID!, $profile: String, $criteria: JSON)"
        f" {{ programme(id: $id) {{ {CRITERIA} }} }}",
        variables={"id": world.ids["programme"], "profile": "young", "criteria": criteria},
        token=world.tokens[role],
    )


async def test_changed_criteria_show_who_would_change(world: Any, rows: Any) -> None:
    await activated(world)
    young, _, little = await three_cases(world)
    before = await rows(world.tenant)
    found = (await tried(world, from_year(10)))["data"]["programme"]["criteriaRun"]
    assert found["cases"] == 3
    assert found["changes"] == [
        {
            "case": {"id": little}, "before": "unknown", "after": "not_eligible",
            "selectedBefore": None, "selectedAfter": False, "decision": "ADMITTED",
        },
        {
            "case": {"id": young}, "before": "eligible", "after": "not_eligible",
            "selectedBefore": True, "selectedAfter": False, "decision": "ADMITTED",
        },
    ]  # fmt: skip
    assert await rows(world.tenant) == before


async def test_the_draft_is_tried_where_no_criteria_are_given(world: Any) -> None:
    await activated(world)
    await three_cases(world)
    same = (await tried(world, None))["data"]["programme"]["criteriaRun"]
    assert same == {"cases": 3, "changes": []}
    await edit(world, targetGroup=[profile("young", from_year(4))])
    changed = (await tried(world, None))["data"]["programme"]["criteriaRun"]
    assert [one["after"] for one in changed["changes"]] == ["eligible"]


async def test_wrong_criteria_are_said_with_their_place(world: Any) -> None:
    await activated(world)
    rule = fresh(RULE)
    rule["criteria"]["all"].append({"fact": "nothing"})
    (error,) = (await tried(world, rule))["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert "criteria.all[2].fact: unknown fact 'nothing'" in error["message"]


async def test_who_reads_no_case_runs_nothing(world: Any) -> None:
    await activated(world)
    (error,) = (await tried(world, None, "admin"))["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
