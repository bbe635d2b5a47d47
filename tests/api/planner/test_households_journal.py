"""Whoever is read through a household stands in the journal, whichever way the answer is made."""

from typing import Any


async def test_the_members_of_a_household_are_noted(roads: Any, filled: Any) -> None:
    ours, _ = filled
    person = ours.uuids["Person"]
    for selection in ("role", "role person { familyName }", "person { familyName }"):
        document = f"query ($id: ID!) {{ household(id: $id) {{ name members {{ {selection} }} }} }}"
        found = await roads.both(ours["reader"], document, {"id": ours.gid("Household")})
        assert found.plans["household"][1] == ""
        assert found.persons == {person}, selection
