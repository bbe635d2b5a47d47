"""The main job over HTTP, on real processes: from sign-up to an accepted referral.

The requests are the files in ``tests/api/story``, which the README shows.
"""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from graphql import GraphQLObjectType, get_named_type
from story_requests import STORY, Story, ids_in, slug

from cordee_core.embedded.process import free_port
from cordee_graphql.ids import decode, encode
from cordee_graphql.schema import build_schema
from cordee_server.child import cordee

SECONDS = 60
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def environ(cluster: Any, redis_url: str) -> dict[str, str]:
    """The settings of an installation."""
    keys = ",".join(f"{kid}:{key.hex()}" for kid, key in cluster.keys.keys.items())
    return {name: value for name, value in os.environ.items() if "CORDEE" not in name} | {
        "CORDEE_DATABASE_URL": cluster.app,
        "CORDEE_RELAY_DATABASE_URL": cluster.relay,
        "CORDEE_REDIS_URL": redis_url,
        "CORDEE_CONTEXT_KEY": keys,
        "CORDEE_PORT": str(free_port()),
    }


@pytest.fixture(scope="module")
def processes(
    environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """Web, relay and worker."""
    logs = tmp_path_factory.mktemp("logs")
    running = {}
    for name in ("serve", "relay", "worker"):
        with (logs / f"{name}.log").open("wb") as log:
            running[name] = subprocess.Popen(cordee(name), env=environ, stdout=log, stderr=log)
    yield running
    for process in running.values():
        process.terminate()
    for process in running.values():
        process.wait(30)


@pytest.fixture
async def http(environ: dict[str, str], processes: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the web process, once that is ready."""
    address = f"http://127.0.0.1:{environ['CORDEE_PORT']}"
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        async with asyncio.timeout(SECONDS):
            while not await _ready(client):
                assert processes["serve"].poll() is None
                await asyncio.sleep(0.1)
        yield client


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


async def test_from_sign_up_to_an_accepted_referral(http: httpx.AsyncClient, host: Any) -> None:
    story = Story(http)
    admin = (await story.do("01_sign_up", None, slug=slug()))["token"]
    referent, supervisor = [await story.member(admin, role) for role in ("REFERENT", "SUPERVISOR")]
    lead, boss = referent["token"], supervisor["token"]
    enabled = await story.do("04_enable_plugin", admin)
    assert enabled["plugin"]["enabled"] is True
    programme = await _programme(story, boss)
    person = (await story.do("08_register_person", lead))["person"]["id"]
    opened = (await story.do("09_open_case", lead, person=person, programme=programme))["case"]
    assert opened["stage"] == "INTAKE"
    case = opened["id"]
    await _intake(story, lead, boss, case, referent["member"]["id"])
    await _assessment(story, lead, case)
    await _referral(story, lead, case)
    seen = await _timeline(story, lead, case)
    assert [entry["kind"] for entry in seen if entry["plugin"] is None] == [
        "case_opened", "selection_admitted", "consent_recorded", "referent_designated",
        "stage_changed", "assessment_completed", "assessment_completed", "eligibility_evaluated",
        "referral_created", "referral_sent", "referral_received", "referral_accepted",
    ]  # fmt: skip
    assert [entry["seq"] for entry in seen] == list(range(1, len(seen) + 1))
    (added,) = [entry for entry in seen if entry["plugin"] is not None]
    assert (added["kind"], added["plugin"]) == ("housing.referral_followup", "housing")
    assert "10 " in added["text"]
    await _a_second_tenant_sees_nothing(story, host, {"case": case, "person": person})


async def _programme(story: Story, boss: str) -> str:
    """Activation lists what is missing; the template has it all."""
    own = (await story.do("05_write_programme", boss))["programme"]
    error = await story.refused(
        "07_activate_programme", boss, programme=own["id"], rowVersion=own["rowVersion"]
    )
    assert error["code"] == "PROGRAMME_INCOMPLETE"
    assert error["message"].count(".") == 1 + len(own["missing"]) == 9
    copy = (await story.do("06_copy_template", boss))["programme"]
    assert (copy["status"], copy["missing"]) == ("DRAFT", [])
    done = await story.do(
        "07_activate_programme", boss, programme=copy["id"], rowVersion=copy["rowVersion"]
    )
    assert (done["programme"]["status"], done["programme"]["version"]) == ("ACTIVE", 1)
    return copy["id"]


async def _intake(story: Story, lead: str, boss: str, case: str, member: str) -> None:
    """Nothing but selection, consent and referent opens the way to assessment."""
    version = await _version(story, lead, case)
    blocked = await story.refused("10_move_to_assessment", lead, case=case, rowVersion=version)
    assert blocked["code"] == "TRANSITION_BLOCKED"
    assert blocked["message"].count(";") == 2
    preview = (await story.ask("11_ask_first", lead))["eligibility"]
    assert preview["outcome"] == "unknown"
    assert "wants_support" in [one["fact"] for one in preview["ask"]]
    selection = (await story.do("12_decide_selection", lead, case=case))["selection"]
    assert (selection["outcome"], selection["ask"]) == ("eligible", [])
    assert {one["code"] for one in selection["because"]} >= {"housing_need", "complex_situation"}
    await story.do("13_record_consent", lead, case=case)
    version = await _version(story, lead, case)
    led = await story.do(
        "14_designate_referent", boss, case=case, rowVersion=version, member=member
    )
    assert led["case"]["referent"]["displayName"] == "Referent"
    moved = await story.do(
        "10_move_to_assessment", lead, case=case, rowVersion=led["case"]["rowVersion"]
    )
    assert moved["case"]["stage"] == "ASSESSMENT"


async def _assessment(story: Story, lead: str, case: str) -> None:
    """Two instruments are scored and one rule evaluated."""
    ethos = await story.do(
        "15_assess", lead, case=case, instrument="housing.ethos_light",
        answers={"living_situation": "sofa_surfing_lack_of_housing"},
    )  # fmt: skip
    assert ethos["assessment"]["status"] == "COMPLETE"
    assert ethos["assessment"]["scores"]
    matrix = await story.do(
        "15_assess", lead, case=case, instrument="housing.ssm",
        answers={"housing": 1, "income": 2, "food": 3},
    )  # fmt: skip
    assert matrix["assessment"]["scores"]
    result = (await story.do("16_evaluate_eligibility", lead, case=case))["result"]
    assert result["outcome"] == "prevention_duty"
    assert result["outputs"]["automatic_priority_need"] is True
    assert result["because"]
    assert result["indicative"]


async def _referral(story: Story, lead: str, case: str) -> None:
    """A referral goes from draft to accepted."""
    (service,) = (await story.ask("17_find_service", lead))["services"]["nodes"]
    made = (await story.do("18_refer", lead, case=case, service=service["id"]))["referral"]
    version = made["rowVersion"]
    for name, state in (
        ("19_send_referral", "SENT"),
        ("20_receive_referral", "RECEIVED"),
        ("21_accept_referral", "ACCEPTED"),
    ):
        step = await story.do(name, lead, referral=made["id"], rowVersion=version)
        assert step["referral"]["state"] == state
        version = step["referral"]["rowVersion"]


async def _version(story: Story, token: str, case: str) -> int:
    return (await story.ask("22_timeline", token, case=case))["case"]["rowVersion"]


async def _timeline(story: Story, token: str, case: str) -> list[dict[str, Any]]:
    """The timeline once the plugin's event hook, run by the worker, has added its entry."""
    async with asyncio.timeout(SECONDS):
        while True:
            found = (await story.ask("22_timeline", token, case=case))["case"]
            entries = found["timeline"]["nodes"]
            if any(entry["plugin"] for entry in entries):
                return entries
            await asyncio.sleep(0.2)


async def _a_second_tenant_sees_nothing(story: Story, host: Any, known: dict[str, str]) -> None:
    """With every id of the first tenant in hand, whatever field is asked."""
    foreign = sorted(story.ids)
    assert {decode(one)[0] for one in foreign} >= {
        *("Tenant", "Member", "Invitation", "Programme", "Person", "Case", "Consent"),
        *("Service", "Referral"),
    }
    second = Story(story.http)
    admin = (await second.do("01_sign_up", None, slug=slug()))["token"]
    await second.do("04_enable_plugin", admin)
    boss = (await second.member(admin, "SUPERVISOR"))["token"]
    document = (STORY / "23_as_another_tenant.graphql").read_text(encoding="utf-8")
    answer = await second.send(document, boss, **known, ids=foreign)
    assert answer.get("data") == {
        "case": None, "person": None, "nodes": [None] * len(foreign),
        "cases": {"totalCount": 0}, "persons": {"totalCount": 0},
    }  # fmt: skip
    codes = {error["extensions"]["code"] for error in answer["errors"]}
    assert codes == {"NOT_FOUND", "FORBIDDEN"}  # invitations are an administrator's to see
    for token in (admin, boss):
        for text in await _everything(second, token, host, foreign):
            assert not (ids_in(text) & story.ids)
            assert "Étoile" not in text


async def _everything(story: Story, token: str, host: Any, foreign: list[str]) -> list[str]:
    """The answers of all root fields: each with an id gets each foreign one; lists in full."""
    query = build_schema(host, strict=True)._schema.query_type
    assert query is not None
    texts = []
    for name, root in query.fields.items():
        named = get_named_type(root.type)
        if "id" in root.args:
            for gid in foreign:
                absent = encode(decode(gid)[0], uuid4())
                body = await _body(story, token, name, gid)
                assert body == await _body(story, token, name, absent), name
                texts.append(body)
        elif isinstance(named, GraphQLObjectType) and "nodes" in named.fields:
            document = f"{{ {name} {{ totalCount nodes {{ ... on Node {{ id }} }} }} }}"
            texts.append(str((await story.send(document, token)).get("data")).replace("'", '"'))
    assert len(texts) >= 10
    return texts


async def _body(story: Story, token: str, name: str, gid: str) -> str:
    document = f"query ($id: ID!) {{ {name}(id: $id) {{ __typename }} }}"
    answer = await story.send(document, token, id=gid)
    for error in answer["errors"]:
        error["extensions"].pop("requestId")
    answer.pop("extensions", None)
    return str(answer)
