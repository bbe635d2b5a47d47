"""One programme under four models at once, by data alone; and the check of each model."""

from typing import Any

from levels_ground import MODEL, activate, activated, edit, fresh, node, opened, text, written
from refusals import nothing_written, refused

FOUR = {
    "canton.school": {"leads": "SINGLE_REFERENT"},
    "canton.agency": {"leads": "SHARED_TEAM"},
    "canton.office": {"supervisionDays": 14},
    "canton.network": {
        "transitions": [
            {"start": "intake", "end": "assessment"},
            {"start": "assessment", "end": "implementation"},
        ]
    },
}
PAIRS = "models { id rowVersion checkOpen missing { code label } model { id code } }"


async def add(world: Any, code: str, **parts: Any) -> str:
    """Write a model and let it carry the programme out; return its id."""
    given = {"code": code, "parts": {**MODEL, **parts}}
    await world.do("supervisor", "modelCreate", given, "model")
    pair = {"programmeId": world.ids["programme"], "modelId": world.ids["model"]}
    await world.do("supervisor", "programmeModelAdd", pair, "programmeModel")
    return world.ids["model"]


async def pairs(world: Any) -> dict[str, Any]:
    found = await node(world, world.ids["programme"], "Programme", PAIRS)
    return {one["model"]["code"]: one for one in found["models"]}


async def test_one_programme_runs_under_four_models_without_code(world: Any) -> None:
    await written(world, model=None)
    models = {code: await add(world, code, **parts) for code, parts in FOUR.items()}
    await activate(world)
    assert len(await pairs(world)) == 4
    for pair in (await pairs(world)).values():
        given = {"programmeModelId": pair["id"], "rowVersion": pair["rowVersion"]}
        await world.do("supervisor", "programmeModelCheck", given)
    assert {one["checkOpen"] for one in (await pairs(world)).values()} == {False}
    leads = {}
    for code, model in models.items():
        case = await opened(world, modelId=model)
        want = "modelVersion { leads supervisionDays } model { code } programme { code }"
        found = await node(world, case, "Case", want, "referent")
        assert (found["model"]["code"], found["programme"]["code"]) == (code, "young")
        leads[code] = (found["modelVersion"]["leads"], found["modelVersion"]["supervisionDays"])
    assert leads["canton.agency"][0] == "SHARED_TEAM"
    assert leads["canton.office"] == ("SINGLE_REFERENT", 14)


async def test_a_case_names_its_model_where_several_run(world: Any, rows: Any) -> None:
    await activated(world)
    case = await opened(world)
    assert (await node(world, case, "Case", "model { code }", "referent"))["model"]["code"]
    await add(world, "canton.two")
    await world.do("referent", "personRegister", {"familyName": "Two"}, "person")
    async with nothing_written(rows, world):
        told = await refused(
            world, "referent", "caseOpen", world.request(), "INVALID_INPUT", "input", "modelId"
        )
    assert "several models" in told["en"]


async def test_a_model_of_another_programme_is_not_found(world: Any, rows: Any) -> None:
    await activated(world)
    parts = {"code": "canton.apart", "parts": MODEL}
    await world.do("supervisor", "modelCreate", parts, "model")
    await world.do("referent", "personRegister", {"familyName": "Two"}, "person")
    given = {**world.request(), "modelId": world.ids["model"]}
    async with nothing_written(rows, world):
        await refused(world, "referent", "caseOpen", given, "NOT_FOUND", "input", "modelId")


async def test_a_model_lists_the_methods_and_services_without_a_place(
    world: Any, rows: Any
) -> None:
    await activated(world, services=["house.shelter"])
    (pair,) = (await pairs(world)).values()
    assert [one["code"] for one in pair["missing"]] == ["service:house.shelter"]
    given = {"programmeModelId": pair["id"], "rowVersion": pair["rowVersion"]}
    async with nothing_written(rows, world):
        told = await refused(
            world, "supervisor", "programmeModelCheck", given, "MODEL_INCOMPLETE",
            "input", "programmeModelId",
        )  # fmt: skip
    assert "house.shelter" in told["en"]
    assert "prestation" in told["fr"]
    await world.do("referent", "personRegister", {"familyName": "Two"}, "person")
    async with nothing_written(rows, world):
        told = await refused(
            world, "referent", "caseOpen", world.request(), "TRANSITION_BLOCKED",
            "input", "programmeId",
        )  # fmt: skip
    assert "house.shelter" in told["fr"]
    await carry(world, [*MODEL["carries"], {"service": "house.shelter", "provider": "The house"}])
    (pair,) = (await pairs(world)).values()
    assert pair["missing"] == []
    await world.do("supervisor", "programmeModelCheck", given)


async def carry(world: Any, carries: list[dict[str, str]]) -> None:
    """Change what the model carries."""
    read = await node(world, world.ids["model"], "Model", "rowVersion")
    given = {"modelId": world.ids["model"], **read, "parts": {"carries": carries}}
    await world.do("supervisor", "modelUpdate", given)


async def test_a_new_version_of_the_programme_or_the_model_opens_the_check_again(
    world: Any,
) -> None:
    await activated(world)

    async def check() -> None:
        (pair,) = (await pairs(world)).values()
        given = {"programmeModelId": pair["id"], "rowVersion": pair["rowVersion"]}
        await world.do("supervisor", "programmeModelCheck", given)

    async def is_open() -> bool:
        (pair,) = (await pairs(world)).values()
        return pair["checkOpen"]

    assert await is_open()
    await check()
    assert not await is_open()
    await edit(world, places=5)
    assert not await is_open()
    await activate(world)
    assert await is_open()
    await check()
    await carry(world, [{"method": "thread", "role": "referent"}])
    assert await is_open()


async def test_a_case_keeps_the_versions_that_it_was_opened_under(world: Any) -> None:
    await activated(world)
    case = await opened(world)
    read = await node(world, world.ids["model"], "Model", "rowVersion")
    parts = {"supervisionDays": 7}
    await world.do(
        "supervisor", "modelUpdate", {"modelId": world.ids["model"], **read, "parts": parts}
    )
    await edit(world, motivation=text("Another"))
    await activate(world)
    want = "programmeVersion { version } modelVersion { version supervisionDays }"
    found = await node(world, case, "Case", want, "referent")
    assert found["programmeVersion"] == {"version": 1}
    assert found["modelVersion"] == {"version": 1, "supervisionDays": 30}
    later = await node(world, await opened(world), "Case", want, "referent")
    assert later["programmeVersion"] == {"version": 2}
    assert later["modelVersion"] == {"version": 2, "supervisionDays": 7}


async def test_every_version_can_be_read_again(world: Any) -> None:
    await activated(world)
    await edit(world, motivation=text("Another"))
    await activate(world)
    await carry(world, [{"method": "thread", "role": "referent"}])
    found = await node(
        world, world.ids["programme"], "Programme",
        "versions { version motivation } model { versions { version carries { role stage } } }",
    )  # fmt: skip
    assert [one["motivation"] for one in found["versions"]] == [
        "95 % of under-25s hold an upper-secondary diploma",
        "Another",
    ]
    assert [one["carries"][0]["stage"] for one in found["model"]["versions"]] == [
        "implementation",
        None,
    ]


async def test_a_method_is_taken_in_its_newest_version_when_the_programme_is_activated(
    world: Any,
) -> None:
    await activated(world)
    want = "methods { code uses version name episodes { code contacts schedule { unit offset } } }"
    found = await node(world, world.ids["programme"], "Programme", want)
    assert found["methods"] == [
        {
            "code": "thread", "uses": "canton.thread", "version": 1,
            "name": "Keeping the thread",
            "episodes": [
                {"code": "meet", "contacts": 3, "schedule": {"unit": "BUSINESS_DAYS", "offset": 5}}
            ],
        }
    ]  # fmt: skip
    read = await node(world, world.ids["method"], "Method", "rowVersion")
    parts = {"title": text("Staying in touch")}
    changed = {"methodId": world.ids["method"], **read, "parts": parts}
    await world.do("supervisor", "methodUpdate", changed)
    before = await node(world, world.ids["programme"], "Programme", "methods { version }")
    assert before["methods"] == [{"version": 1}]
    await activate(world)
    after = await node(world, world.ids["programme"], "Programme", "methods { version name }")
    assert after["methods"] == [{"version": 2, "name": "Staying in touch"}]


async def test_the_last_model_of_an_active_programme_stays(world: Any, rows: Any) -> None:
    await activated(world)
    (pair,) = (await pairs(world)).values()
    given = {"programmeModelId": pair["id"], "rowVersion": pair["rowVersion"]}
    async with nothing_written(rows, world):
        await refused(
            world, "supervisor", "programmeModelEnd", given, "INVALID_INPUT",
            "input", "programmeModelId",
        )  # fmt: skip
    await add(world, "canton.two")
    await world.do("supervisor", "programmeModelEnd", given)
    case = await opened(world)
    found = await node(world, case, "Case", "model { code }", "referent")
    assert found["model"] == {"code": "canton.two"}


async def test_a_model_runs_once_in_a_programme(world: Any, rows: Any) -> None:
    await activated(world)
    given = {"programmeId": world.ids["programme"], "modelId": world.ids["model"]}
    async with nothing_written(rows, world):
        await refused(
            world, "supervisor", "programmeModelAdd", given, "INVALID_INPUT", "input", "modelId"
        )


async def test_a_wrong_part_of_a_model_is_said_in_both_languages(world: Any, rows: Any) -> None:
    parts = fresh(MODEL)
    parts["carries"][0].pop("stage")
    parts["carries"][0].pop("role")
    given = {"code": "canton.one", "parts": parts}
    async with nothing_written(rows, world):
        told = await refused(
            world, "supervisor", "modelCreate", given, "INVALID_INPUT", "input", "parts"
        )
    assert "carries[0]" in told["en"]
    assert "carries[0]" in told["fr"]
    assert "prestataire" in told["fr"]


async def test_no_case_is_opened_after_the_last_day_of_the_programme(world: Any, rows: Any) -> None:
    await activated(world, ends="2026-01-31")
    await world.do("referent", "personRegister", {"familyName": "Late"}, "person")
    async with nothing_written(rows, world):
        told = await refused(
            world, "referent", "caseOpen", world.request(), "TRANSITION_BLOCKED",
            "input", "programmeId",
        )  # fmt: skip
    assert "est terminé" in told["fr"]
