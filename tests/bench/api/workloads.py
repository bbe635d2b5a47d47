"""The five questions, as bytes for each system: who asks what, the same for all."""

import base64
import itertools
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import driver
from seeding import Caller, Database

from cordee_core.clock import new_id

DOCUMENTS = Path(__file__).parent / "documents"
TITLES = {
    "q1": "Q1 case page",
    "q2": "Q2 caseload page",
    "q3": "Q3 dashboard",
    "q4": "Q4 long list",
    "m1": "M1 note added",
}
_TEXT = "Entretien : point sur la situation, prochaines étapes convenues avec la personne."


@dataclass(frozen=True)
class Question:
    """One question: who asks, and what differs from asking to asking."""

    work: str
    caller: Caller
    case: UUID | None = None
    referent: UUID | None = None
    first: int = 0


def questions(
    work: str, database: Database, number: int, first: int, tenants: Sequence[UUID] | None = None
) -> list[Question]:
    """Return `number` questions about `tenants`, about all where none are named.

    Cases are asked for as often as there are: a large tenant is asked more. Lists and dashboards
    are asked for evenly by tenant. Many members ask, so that nobody's budget runs out.
    """
    chance = random.Random(7)
    among = list(tenants if tenants is not None else database.tenants)
    size = dict(zip(database.tenants, database.plan.sizes, strict=True))
    weights = [size[one] if work in ("q1", "m1") else 1 for one in among]
    found = []
    for tenant in chance.choices(among, weights, k=number):
        callers = database.callers[tenant]
        asking = [one for one in callers if one.supervisor] if work in ("q3", "q4") else callers
        case = chance.choice(database.cases[tenant]) if work in ("q1", "m1") else None
        referents = [one for one in callers if not one.supervisor]
        referent = chance.choice(referents).member if work == "q2" else None
        found.append(Question(work, chance.choice(asking), case, referent, first))
    return found


def document(system: str, work: str) -> str:
    """Return the text of the document that asks `work` of `system`."""
    return (DOCUMENTS / system / f"{work}.graphql").read_text(encoding="utf-8")


def gid(kind: str, uuid: UUID) -> str:
    """Return our global id of an object."""
    return base64.b64encode(f"{kind}:{uuid}".encode()).decode()


def variables(system: str, question: Question) -> Mapping[str, Any]:
    """Return the variables that put `question` to `system`."""
    one = question
    if one.work == "q1" and one.case is not None:
        if system == "ours":
            return {"case": gid("Case", one.case)}
        return {"tenant": str(one.caller.tenant), "case": str(one.case)}
    if one.work == "q2" and one.referent is not None:
        own = gid("Member", one.referent) if system == "ours" else str(one.referent)
        return {"referent": own, "first": one.first}
    if one.work == "q4":
        return {"first": one.first}
    if one.work == "m1" and one.case is not None:
        return (
            {"case": gid("Case", one.case), "text": _TEXT}
            if system == "ours"
            else {"note": _row(one.caller, one.case)}
        )
    return {}


def _row(caller: Caller, case: UUID) -> dict[str, str]:
    """Return what the peer's insert needs: the table fills in nothing by itself."""
    moment = datetime.now(UTC).isoformat()
    return {
        "tenantId": str(caller.tenant), "rowId": str(new_id()), "caseId": str(case), "text": _TEXT,
        "occurredAt": moment, "createdAt": moment, "authorId": str(caller.member),
    }  # fmt: skip


def as_bytes(system: str, port: int, question: Question) -> bytes:
    """Return the request that puts `question` to `system`."""
    body = {"query": document(system, question.work), "variables": variables(system, question)}
    return driver.request(port, question.caller.token, json.dumps(body).encode())


def stream(system: str, port: int, asked: Sequence[Question], start: int) -> Iterator[bytes]:
    """Yield requests without end, from place `start` on.

    Each insert of the peer needs an id of its own, so its requests are made as they are sent.
    """
    if system == "peer" and asked[0].work == "m1":
        for one in itertools.islice(itertools.cycle(asked), start, None):
            yield as_bytes(system, port, one)
    ready = [as_bytes(system, port, one) for one in asked]
    yield from itertools.islice(itertools.cycle(ready), start % len(ready), None)
