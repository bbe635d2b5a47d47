"""A programme of a tenant's own, written from nothing: rule, method, models, parts."""

import json
from typing import Any

Raw = dict[str, Any]


def text(english: str, french: str = "") -> Raw:
    return {"en": english, "fr": french or f"{english} (fr)"}


def fresh(raw: Raw) -> Raw:
    return json.loads(json.dumps(raw))


RULE: Raw = {
    "code": "canton.young_people",
    "version": 1,
    "title": text("Young people at risk"),
    "sources": {"canton": {"citation": "Directive of the canton", "date": "2026-01-01"}},
    "valid_from": "2020-01-01",
    "facts": {
        "school_year": {"type": "integer", "label": text("school year")},
        "at_risk": {"type": "boolean", "label": text("at risk of leaving school")},
    },
    "criteria": {
        "all": [
            {"cmp": {"left": {"fact": "school_year"}, "op": ">=", "right": 7}},
            {"fact": "at_risk"},
        ]
    },
}
YOUNG = {"school_year": 9, "at_risk": True}
OTHER = {"school_year": 5, "at_risk": True}

EPISODE: Raw = {
    "code": "meet",
    "name": text("Meet"),
    "done_when": text("Trust is there"),
    "contacts": 3,
    "schedule": {
        "code": "first", "name": text("First meeting"), "anchor": "enrolment", "offset": 5,
        "unit": "business_days", "kind": "visit",
    },
}  # fmt: skip
METHOD: Raw = {
    "title": text("Keeping the thread"),
    "description": text("The referent stays from school to apprenticeship"),
    "episodes": [EPISODE],
}
INDICATOR: Raw = {
    "code": "diploma", "name": text("Under 25 with a diploma"), "baseline": "90", "target": "95",
    "date": "2030-12-31", "rationale": text("Neighbouring cantons are there"),
}  # fmt: skip
PROGRAMME: Raw = {
    "title": text("Orientation and training"),
    "motivation": text("95 % of under-25s hold an upper-secondary diploma"),
    "domains": ["schooling"],
    "targetGroup": [{"code": "young", "name": text("Young people"), "own_criteria": RULE}],
    "objectives": [{"code": "diploma", "name": text("A diploma"), "indicators": [INDICATOR]}],
    "methods": [{"code": "thread", "uses": "canton.thread"}],
    "links": [
        {
            "objective": "diploma", "method": "thread",
            "theory": text("One person who stays prevents breaks"),
            "change": text("Fewer breaks between school and work"),
        }
    ],
    "resources": {"people": [], "means": [], "money": {"amount": 0, "currency": "CHF"}},
    "closureVocabulary": "core.closure",
    "effect": "SOCIAL",
}  # fmt: skip

STAGES = ("intake", "assessment", "planning", "implementation", "evaluation", "closed", "refused")
MODEL: Raw = {
    "title": text("A model"),
    "description": text("How one canton does it"),
    "leads": "SINGLE_REFERENT",
    "stages": [{"code": code, "name": text(code)} for code in STAGES],
    "transitions": [
        {"start": "intake", "end": "assessment"},
        {"start": "intake", "end": "refused"},
        {"start": "assessment", "end": "planning"},
        {"start": "planning", "end": "implementation"},
        {"start": "implementation", "end": "evaluation"},
        {"start": "evaluation", "end": "closed"},
    ],
    "caseload": {"recommended": "30", "maximum": "40", "weights": {"light": "0.5"}},
    "reviewDays": {"low": 90, "medium": 30, "high": 7},
    "supervisionDays": 30,
    "intensities": [{"code": "light", "name": text("Light"), "contacts_per_month": "1"}],
    "carries": [{"method": "thread", "stage": "implementation", "role": "referent"}],
}


async def written(world: Any, **parts: Any) -> None:
    """Write method, model and programme; remember `method`, `model` and `programme`."""
    method = {"code": "canton.thread", "parts": METHOD}
    await world.do("supervisor", "methodCreate", method, "method")
    await world.do("supervisor", "modelCreate", {"code": "canton.one", "parts": MODEL}, "model")
    given = {"code": "young", "parts": {**PROGRAMME, "model": "canton.one", **parts}}
    await world.do("supervisor", "programmeCreate", given, "programme")


async def activated(world: Any, **parts: Any) -> None:
    """Write and activate the programme."""
    await written(world, **parts)
    await activate(world)


async def activate(world: Any) -> None:
    """Activate the programme as it is."""
    given = {
        "programmeId": world.ids["programme"],
        "rowVersion": await world.version("programme"),
    }
    await world.do("supervisor", "programmeActivate", given)


async def edit(world: Any, **parts: Any) -> None:
    """Change parts of the programme."""
    given = {
        "programmeId": world.ids["programme"],
        "rowVersion": await world.version("programme"),
        "parts": parts,
    }
    await world.do("supervisor", "programmeUpdate", given)


async def opened(world: Any, **more: Any) -> str:
    """Register somebody and open a case; return its id."""
    await world.do("referent", "personRegister", {"familyName": "Young"}, "person")
    payload = await world.do("referent", "caseOpen", {**world.request(), **more}, "case")
    return payload["case"]["id"]


async def decided(world: Any, case: str, want: str = "", **more: Any) -> Raw:
    """Decide the selection of a case, in favour; return the payload."""
    given = {
        "caseId": case, "facts": YOUNG, "decision": "ADMITTED", "reason": "At risk", **more,
    }  # fmt: skip
    return await world.client.do(
        world.tokens["referent"], "selectionDecide", given, f"waitingEntry {{ id }} {want}"
    )


async def node(world: Any, gid: str, kind: str, want: str, role: str = "supervisor") -> Raw:
    """Read an object by its id."""
    answer = await world.client.ask(
        f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {want} }} }} }}",
        variables={"id": gid}, token=world.tokens[role],
    )  # fmt: skip
    assert "errors" not in answer, answer
    return answer["data"]["node"]


async def leveled(world: Any) -> None:
    """Make one of each object of the three levels; the ids of what was there before stay."""
    saved = dict(world.ids)
    await written(world, finality="COST_CONTROL", type="PRIOR_AUTHORISATION")
    approvals = [{"act": "service_authorise", "role": "supervisor"}]
    given = {"modelId": world.ids["model"], "rowVersion": 1, "parts": {"approvals": approvals}}
    await world.do("supervisor", "modelUpdate", given)
    await activate(world)
    case = await opened(world)
    world.ids["waitingEntry"] = (await decided(world, case, wait=True))["waitingEntry"]["id"]
    authorised = {
        "caseId": case,
        "serviceId": saved["service"],
        "decision": "GRANTED",
        "reason": "R",
    }
    await world.do("supervisor", "authorisationDecide", authorised, "authorisation")
    copied = {"template": "core.closure"}
    await world.do("supervisor", "vocabularyCopyTemplate", copied, "vocabulary")
    found = await node(world, world.ids["programme"], "Programme", "models { id }")
    world.ids["programmeModel"] = found["models"][0]["id"]
    world.ids.update(saved)


LEVELS_MANAGED = ("modelUpdate", "methodUpdate", "vocabularyUpdate")
LEVELS_IDS = [
    *[("programmeModelAdd", "programmeId"), ("programmeModelAdd", "modelId")],
    *[("programmeModelEnd", "programmeModelId"), ("programmeModelCheck", "programmeModelId")],
    *[("modelUpdate", "modelId"), ("methodUpdate", "methodId")],
    *[("vocabularyUpdate", "vocabularyId"), ("waitingPrioritySet", "waitingEntryId")],
    *[("waitingAdmit", "waitingEntryId"), ("waitingRemove", "waitingEntryId")],
    *[("authorisationDecide", "caseId"), ("authorisationDecide", "serviceId")],
    *[("authorisationWithdraw", "authorisationId"), ("methodDepartureRecord", "caseId")],
]
"""Each id that a mutation of the levels takes."""


def levels_inputs(world: Any) -> dict[str, Raw]:
    """An input with every id that it takes, for each mutation of the levels that takes one."""
    ids, version, why = world.ids, {"rowVersion": 999}, {"reason": "x"}
    pair = {"programmeModelId": ids["programmeModel"], **version}
    entry = {"waitingEntryId": ids["waitingEntry"], **version}
    both = {"caseId": ids["case"], "serviceId": ids["service"]}
    return {
        "programmeModelAdd": {"programmeId": ids["programme"], "modelId": ids["model"]},
        "programmeModelEnd": pair,
        "programmeModelCheck": pair,
        "modelUpdate": {"modelId": ids["model"], "parts": {}, **version},
        "methodUpdate": {"methodId": ids["method"], "parts": {}, **version},
        "vocabularyUpdate": {"vocabularyId": ids["vocabulary"], "parts": {}, **version},
        "waitingPrioritySet": {**entry, **why, "priority": 1},
        "waitingAdmit": {**entry, **why},
        "waitingRemove": {**entry, **why, "appealRoute": "x", "noOnwardReferral": True},
        "authorisationDecide": {**both, **why, "decision": "GRANTED"},
        "authorisationWithdraw": {
            "authorisationId": ids["authorisation"], **why, **version,
        },
        "methodDepartureRecord": {
            "caseId": ids["case"], "method": "rights_round", "departure": "x", **why,
        },
    }  # fmt: skip
