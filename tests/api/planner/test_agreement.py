"""Random valid documents: the planner and ordinary execution agree on every one.

`./dev bench agreement` runs the long form, 5,000 documents for each role.
"""

import asyncio
import dataclasses
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cordee_core.access.permissions import ROLES, Permission, grants
from cordee_graphql import ids

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "api"))
from authoring import Author, Pool, cursors_in, fits

SHORT, SMALL, LARGE = 300, 150, 1_000
"""How many documents in the short form; the cost of the largest one in the short and long form."""


@pytest.fixture(scope="session")
def every_id(filled: Any) -> list[str]:
    found = ["", "nonsense"]
    for it in filled:
        for kind, uuid in it.uuids.items():
            found += [ids.encode(kind, uuid)] * 2 + [ids.encode("Case", uuid)]
    return [*found, ids.encode("Case", UUID(int=7)), ids.encode("Plan", UUID(int=7))]


async def some_cursors(roads: Any, it: Any) -> list[str]:
    lists = "{ edges { cursor } }"
    text = f"""{{ persons {lists} members {lists} services {lists} teams {lists} journal {lists}
      programmes {lists} models {lists}
      cases {{ edges {{ cursor node {{ notes {lists} timeline {lists} referrals {lists}
        person {{ cases {lists} }} }} }} }} }}"""
    answer = await roads.go(it["supervisor"], text, planner=False)
    return [*cursors_in(answer.shown), "nonsense", ""]


@pytest.mark.timeout(0)
@pytest.mark.parametrize("role", sorted(ROLES))
async def test_any_document_has_the_same_answer_on_both_roads(
    roads, filled, every_id, role, pytestconfig
):
    asked = pytestconfig.getoption("--agreement", None)
    wanted, largest = asked or SHORT, LARGE if asked else SMALL
    seed = pytestconfig.getoption("--seed", None) or 20261121
    cursors = [one for it in filled for one in await some_cursors(roads, it)]
    pool, done, at, began = Pool(every_id, cursors), 0, 0, time.monotonic()
    planned: Counter[str] = Counter()
    differences: list[Any] = []
    while done < wanted:
        at += 1
        dice = random.Random(f"{seed} {role} {at}")
        document, variables = Author(roads.planned._schema, pool, dice).document()
        if not fits(roads.planned, document, variables, largest):
            continue
        done += 1
        scope, language = _scope(filled[at % 2], role), dice.choice(("en", "fr"))
        try:
            answer = await roads.both(scope, document, variables, language=language)
        except (Exception, asyncio.CancelledError) as error:
            told = str(error).partition("\n")[0][:300]
            differences.append(
                {"number": at, "document": document, "variables": variables, "told": told}
            )
            continue
        planned.update(reason or "planned" for _, reason in answer.plans.values())
    _report(pytestconfig.getoption("--agreement-report", None), {
        "role": role, "seed": seed, "documents": done, "fields": planned,
        "seconds": time.monotonic() - began, "differences": differences,
    })  # fmt: skip
    assert differences == []
    assert planned["planned"] > done // 10 or Permission.PROGRAMME_READ not in ROLES[role]


def _scope(it: Any, role: str) -> Any:
    """A member of that role; of one that the records need nobody for, with what it grants."""
    if role in it.tenancy.scopes:
        return it[role]
    return dataclasses.replace(it["reader"], permissions=grants([role]))


def _report(file: str | None, found: dict[str, Any]) -> None:
    if file:
        with Path(file).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(found) + "\n")
