"""Those who work, over the API: what is refused is coded, in both languages, and writes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from refusals import nothing_written, refused

DAY = datetime.now(UTC).date()


async def member(world: Any, role: str) -> str:
    answer = await world.client.ask("{ viewer { member { id } } }", token=world.tokens[role])
    return answer["data"]["viewer"]["member"]["id"]


async def newcomer(world: Any, name: str, **more: Any) -> str:
    """Somebody who leads cases; their token stands under `name`."""
    given = {"email": f"{name}@{world.slug}.example", "displayName": name, "roles": ["REFERENT"]}
    invited = await world.client.do(
        world.tokens["admin"], "memberInvite", {**given, **more}, "code"
    )
    joined = await world.client.do(
        None, "invitationAccept", {"code": invited["code"]}, "token member { id }"
    )
    world.tokens[name] = joined["token"]
    return joined["member"]["id"]


async def norm(cluster: Any, world: Any, recommended: int, maximum: int) -> None:
    connection = await asyncpg.connect(cluster.superuser_url())
    try:
        await connection.execute(
            "UPDATE core.model_versions SET definition = jsonb_set(jsonb_set(definition,"
            " '{caseload,recommended}', to_jsonb($2::int)), '{caseload,maximum}',"
            " to_jsonb($3::int)) WHERE tenant_id = $1",
            world.tenant, recommended, maximum,
        )  # fmt: skip
    finally:
        await connection.close()


async def designation(world: Any, whom: str, **more: Any) -> dict[str, Any]:
    read = {"caseId": world.ids["case"], "rowVersion": await world.version("case")}
    return {**read, "memberId": whom, **more}


@pytest.fixture
async def opened(world: Any) -> Any:
    """A tenant with a case at intake that its referent leads."""
    await world.open()
    given = await designation(world, world.ids["member"])
    await world.do("supervisor", "referentDesignate", given)
    return world


async def test_overlapping_assignments(opened: Any, rows: Any) -> None:
    other = await newcomer(opened, "other")
    day = (DAY - timedelta(days=2)).isoformat()
    for more, path in (
        ({"handedOn": day, "reason": "R"}, "handedOn"),
        ({"handedOn": (DAY + timedelta(days=1)).isoformat(), "reason": "R"}, "handedOn"),
        ({"overlapUntil": day, "reason": "R"}, "overlapUntil"),
        ({}, "reason"),
    ):
        given = await designation(opened, other, **more)
        async with nothing_written(rows, opened):
            await refused(
                opened, "supervisor", "referentDesignate", given, "INVALID_INPUT", "input", path
            )


async def test_handover_to_a_member_over_the_norm(opened: Any, rows: Any, cluster: Any) -> None:
    other = await newcomer(opened, "other")
    await norm(cluster, opened, 0, 0)
    given = await designation(opened, other, reason="R")
    async with nothing_written(rows, opened):
        found = await refused(
            opened, "supervisor", "referentDesignate", given, "CASELOAD_FULL", "input", "memberId"
        )
    assert "1 × 1 = 1" in found["en"]
    assert found["fr"].count("maximum 0") == 1
    done = await opened.client.do(
        opened.tokens["supervisor"], "referentDesignate", {**given, "overrideReason": "Été"},
        "case { referent { id } } load { state total maximum formula }",
    )  # fmt: skip
    assert done["case"]["referent"]["id"] == other
    assert done["load"]["state"] == "ABOVE_MAXIMUM"


async def test_a_warning_above_what_is_recommended(opened: Any, cluster: Any) -> None:
    other = await newcomer(opened, "other")
    await norm(cluster, opened, 0, 5)
    given = await designation(opened, other, reason="R")
    want = "load { state formula(language: FR) }"
    token = opened.tokens["supervisor"]
    done = await opened.client.do(token, "referentDesignate", given, want)
    assert done["load"]["state"] == "ABOVE_RECOMMENDED"
    assert "recommandé 0, maximum 5" in done["load"]["formula"]


async def test_a_caseload_reassigned_to_somebody_who_left(opened: Any, rows: Any) -> None:
    gone = await newcomer(opened, "gone")
    await opened.do("admin", "membershipEnd", {"memberId": gone, "rowVersion": 1})
    move = {"caseId": opened.ids["case"], "memberId": gone, "note": "N"}
    given = {"memberId": opened.ids["member"], "reason": "Départ", "moves": [move]}
    async with nothing_written(rows, opened):
        found = await refused(
            opened, "supervisor", "caseloadReassign", given,
            "MEMBER_LEFT", "input", "moves", "0", "memberId",
        )  # fmt: skip
        assert "gone" in found["fr"]
        await refused(
            opened, "supervisor", "referentDesignate",
            await designation(opened, gone, reason="R"), "MEMBER_LEFT", "input", "memberId",
        )  # fmt: skip
        none = {**given, "moves": []}
        await refused(
            opened, "supervisor", "caseloadReassign", none, "INVALID_INPUT", "input", "moves"
        )


async def test_a_whole_caseload_moves_and_the_member_leaves(opened: Any) -> None:
    other = await newcomer(opened, "other")
    move = {"caseId": opened.ids["case"], "memberId": other, "note": "Lire la note du 3"}
    given = {"memberId": opened.ids["member"], "reason": "Départ", "moves": [move]}
    await opened.do("supervisor", "caseloadReassign", given)
    left = {"memberId": opened.ids["member"], "rowVersion": 1}
    await opened.do("admin", "membershipEnd", left)
    answer = await opened.client.ask(
        "query C($id: ID!) { case(id: $id) { designations { note reason endsAt readsUntil"
        " acknowledgedAt conflictAnswer member { displayName status } } } }",
        variables={"id": opened.ids["case"]}, token=opened.tokens["supervisor"],
    )  # fmt: skip
    former, active = answer["data"]["case"]["designations"]
    assert former["member"] == {"displayName": "referent", "status": "LEFT"}
    assert (active["note"], active["reason"]) == ("Lire la note du 3", "Départ")
    assert active["acknowledgedAt"] is None
    accepted = {"caseId": opened.ids["case"], "noConflict": True}
    await opened.do("other", "handoverAcknowledge", accepted)


async def test_a_conflict_a_training_and_the_conduct_stand_in_the_way(
    opened: Any, rows: Any
) -> None:
    other = await newcomer(opened, "other")
    given = await designation(opened, other, reason="R")
    conflict = {"caseId": opened.ids["case"], "note": "Cousine"}
    declared = await opened.client.do(
        opened.tokens["other"], "conflictDeclare", conflict, "conflict { id rowVersion }"
    )
    token = opened.tokens["supervisor"]
    candidates = await opened.client.ask(
        "query P($id: ID!) { referentCandidates(caseId: $id) { blocked needsOverride"
        " member { displayName } load { total } reasons { code text }"
        " mismatches { code text } } }",
        variables={"id": opened.ids["case"]}, token=token, language="fr",
    )  # fmt: skip
    found = {one["member"]["displayName"]: one for one in candidates["data"]["referentCandidates"]}
    assert found["other"]["blocked"] is True
    assert found["other"]["mismatches"] == [
        {"code": "conflict", "text": "a déclaré un conflit d'intérêts"}
    ]
    place = ("input", "memberId")
    async with nothing_written(rows, opened):
        await refused(
            opened, "supervisor", "referentDesignate", given, "CONFLICT_OF_INTEREST", *place
        )
    conflict_end = {"conflictId": declared["conflict"]["id"], "rowVersion": 1}
    await opened.do("supervisor", "conflictEnd", conflict_end)
    text = {"en": "We listen.", "fr": "Nous écoutons."}
    await opened.do("admin", "conductPublish", {"text": text})
    async with nothing_written(rows, opened):
        await refused(
            opened, "supervisor", "referentDesignate", given, "CONDUCT_NOT_ACCEPTED", *place
        )
    await opened.do("other", "conductAccept", {"version": 1})
    required = {"subject": "METHOD", "subjectCode": "outreach_and_settling", "training": "outreach"}
    await opened.do("supervisor", "trainingRequire", required)
    async with nothing_written(rows, opened):
        await refused(opened, "supervisor", "referentDesignate", given, "TRAINING_MISSING", *place)
    trained = {
        "memberId": other, "kind": "TRAINING", "code": "outreach", "title": "Maraude",
        "obtainedOn": "2026-01-15",
    }  # fmt: skip
    await opened.do("admin", "trainingRecord", trained)
    await opened.do("supervisor", "referentDesignate", given)


async def test_roles_are_given_within_bounds(world: Any, rows: Any) -> None:
    title = {"en": "Night", "fr": "Nuit"}
    copy = {"role": "READER", "code": "night", "title": title}
    made = await world.client.do(
        world.tokens["admin"], "roleCopy", copy, "role { id rowVersion grants { permission } }"
    )
    role = made["role"]
    assert {"permission": "case.read"} in role["grants"]
    update = {"roleId": role["id"], "rowVersion": 1}
    async with nothing_written(rows, world):
        await refused(
            world, "admin", "roleUpdate",
            {**update, "grants": [{"permission": "case.write"}]},
            "PERMISSION_NOT_HELD", "input", "grants",
        )  # fmt: skip
        await refused(
            world, "admin", "roleUpdate",
            {**update, "grants": [{"permission": "case.write", "reach": "TEAM"}]},
            "INVALID_INPUT", "input", "grants", "0", "reach",
        )  # fmt: skip
        await refused(world, "admin", "roleCopy", copy, "INVALID_INPUT", "input", "code")
    narrow = {**update, "grants": [{"permission": "case.read", "reach": "TEAM"}]}
    await world.do("admin", "roleUpdate", narrow)
    reader = await member(world, "reader")
    seen = await world.client.ask("{ cases { totalCount } }", token=world.tokens["reader"])
    assert "errors" not in seen
    given = {"memberId": reader, "rowVersion": 1, "roles": [], "ownRoleIds": [role["id"]]}
    await world.do("admin", "memberRolesSet", given)
    answer = await world.client.ask(
        "{ viewer { permissions member { roles ownRoles { code } } } persons { totalCount } }",
        token=world.tokens["reader"],
    )
    assert answer["data"]["viewer"] == {
        "permissions": ["case.read"], "member": {"roles": [], "ownRoles": [{"code": "night"}]},
    }  # fmt: skip
    assert answer["data"]["persons"] is None


async def test_the_last_admin(world: Any, rows: Any) -> None:
    admin = await member(world, "admin")
    title = {"en": "Office", "fr": "Bureau"}
    made = await world.client.do(
        world.tokens["admin"], "roleCopy", {"role": "READER", "code": "office", "title": title},
        "role { id }",
    )  # fmt: skip
    grants = [{"permission": "member.manage"}, {"permission": "member.read"}]
    update = {"roleId": made["role"]["id"], "rowVersion": 1, "grants": grants}
    await world.do("admin", "roleUpdate", update)
    await newcomer(world, "clerk", roles=[], ownRoleIds=[made["role"]["id"]])
    given = {"memberId": admin, "rowVersion": 1}
    async with nothing_written(rows, world):
        await refused(
            world, "clerk", "memberRolesSet",
            {**given, "roles": [], "ownRoleIds": [made["role"]["id"]]},
            "LAST_ADMIN", "input", "memberId",
        )  # fmt: skip
        await refused(world, "clerk", "membershipEnd", given, "LAST_ADMIN", "input", "memberId")
        invite = {"email": "x@y.example", "displayName": "X", "roles": ["SUPERVISOR"]}
        await refused(
            world, "clerk", "memberInvite", invite, "PERMISSION_NOT_HELD", "input", "roles"
        )
        await refused(
            world, "admin", "memberInvite", {**invite, "roles": ["VOLUNTEER"]},
            "INVALID_INPUT", "input", "supervisorId",
        )  # fmt: skip
