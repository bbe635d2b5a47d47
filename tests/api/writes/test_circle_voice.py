"""The person's own voice, what they read, and the access log."""

from typing import Any

from refusals import case_of, nothing_written, refused

DAY = "2026-01-15"
GIVEN = {"givenOn": DAY, "informationGivenOn": DAY, "form": "VERBAL", "language": "ti"}


async def own_case(world: Any) -> str:
    """Open a case about the person who has an access of their own; return its id."""
    answer = await world.client.ask(
        "{ viewer { member { person { id } } } }", token=world.tokens["person"]
    )
    person = answer["data"]["viewer"]["member"]["person"]["id"]
    await world.open()
    given = {**world.request(), "personId": person}
    payload = await world.do("referent", "caseOpen", given, "case")
    world.ids["person"] = person
    return payload["case"]["id"]


async def read(world: Any, role: str, query: str, **variables: Any) -> dict[str, Any]:
    """Return the data of a query that must succeed."""
    answer = await world.client.ask(query, variables=variables, token=world.tokens[role])
    assert "errors" not in answer, answer
    return answer["data"]


async def test_the_person_consents_and_withdraws_and_nobody_elses(world: Any) -> None:
    case = await own_case(world)
    given = {**GIVEN, "caseId": case}
    payload = await world.client.do(
        world.tokens["person"], "consentRecord", given, "consent { id rowVersion }"
    )
    consent = payload["consent"]
    withdrawn = {"consentId": consent["id"], "rowVersion": consent["rowVersion"]}
    done = await world.client.do(
        world.tokens["person"], "consentWithdraw", withdrawn, "consent { withdrawnAt }"
    )
    assert done["consent"]["withdrawnAt"]
    await world.do("referent", "personRegister", {"familyName": "Other"}, "person")
    await world.do("referent", "caseOpen", world.request(), "case")
    others = {**given, "caseId": world.ids["case"]}
    await refused(world, "person", "consentRecord", others, "NOT_FOUND", "input", "caseId")
    law = {**given, "legalBasis": "PUBLIC_TASK", "legalBasisNote": "Law"}
    answer = await world.client.change(
        world.tokens["person"], "consentRecord", {**law, "form": None}
    )
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


KINDS = ("WISH", "GOAL", "COMMENT", "DISSENT", "CHOICE", "COMPLAINT", "REFERENT_REQUEST")


async def test_the_person_writes_in_their_own_case_and_reads_it(world: Any) -> None:
    case = await own_case(world)
    for kind in KINDS:
        more = {"chosen": "A room", "refused": ["A bed", "A tent"]} if kind == "CHOICE" else {}
        given = {"caseId": case, "kind": kind, "words": f"My {kind}", "language": "en", **more}
        await world.do("person", "statementAdd", given)
    query = (
        "query ($id: ID!) { case(id: $id) { statements(last: 10)"
        " { nodes { kind words chosen refused form } } consents { id } stage } }"
    )
    found = (await read(world, "person", query, id=case))["case"]["statements"]["nodes"]
    assert {one["kind"] for one in found} == set(KINDS)
    (choice,) = [one for one in found if one["kind"] == "CHOICE"]
    assert (choice["chosen"], choice["refused"]) == ("A room", ["A bed", "A tent"])
    assert all(one["form"] == "OWN" for one in found)


async def test_nobody_speaks_in_the_case_of_somebody_else(world: Any, rows: Any) -> None:
    await world.open()
    given = {**case_of(world), "kind": "WISH", "words": "Mine", "language": "en"}
    async with nothing_written(rows, world):
        await refused(world, "person", "statementAdd", given, "NOT_FOUND", "input", "caseId")


async def test_somebody_speaks_for_the_person_only_as_is_recorded(world: Any, rows: Any) -> None:
    await world.open()
    given = {**case_of(world), "kind": "DISSENT", "words": "No", "language": "en"}
    through = {**given, "form": "REPRESENTATIVE"}
    async with nothing_written(rows, world):
        await refused(world, "referent", "statementAdd", through, "INVALID_INPUT", "input", "form")
        helped = {**given, "form": "SUPPORTED"}
        await refused(
            world, "referent", "statementAdd", helped, "INVALID_INPUT", "input", "support"
        )
        choice = {**given, "kind": "CHOICE"}
        await refused(world, "referent", "statementAdd", choice, "INVALID_INPUT", "input", "chosen")
    appointed = {
        "personId": world.ids["person"], "kind": "CURATOR", "name": "Maître Bel",
        "scopes": ["ADMINISTRATION"], "startsOn": "2026-01-01",
    }  # fmt: skip
    await world.do("referent", "representativeAppoint", appointed)
    await world.do("referent", "statementAdd", through)
    await world.do(
        "referent", "statementAdd", {**given, "form": "SUPPORTED", "support": "Read aloud"}
    )


async def test_a_complaint_is_answered_once(world: Any, rows: Any) -> None:
    case = await own_case(world)
    given = {"caseId": case, "kind": "REFERENT_REQUEST", "words": "Somebody else", "language": "en"}
    said = await world.do("person", "statementAdd", given, "statement")
    answer = {"statementId": said["statement"]["id"], "rowVersion": 1, "answer": "From May on"}
    done = await world.client.do(
        world.tokens["supervisor"], "statementAnswer", answer,
        "statement { answer answeredBy { displayName } }",
    )  # fmt: skip
    assert done["statement"] == {
        "answer": "From May on",
        "answeredBy": {"displayName": "supervisor"},
    }
    async with nothing_written(rows, world):
        await refused(
            world, "supervisor", "statementAnswer", {**answer, "rowVersion": 2},
            "ALREADY_DECIDED", "input", "statementId",
        )  # fmt: skip


async def test_the_person_reads_who_looked_when_and_why(world: Any) -> None:
    case = await own_case(world)
    await read(
        world,
        "reader",
        "query Looked($id: ID!) { case(id: $id) { person { familyName } } }",
        id=case,
    )
    query = (
        "query ($id: ID!) { accessLog(personId: $id, first: 50)"
        " { nodes { kind action purpose at member { displayName } } } }"
    )
    found = (await read(world, "person", query, id=world.ids["person"]))["accessLog"]["nodes"]
    looked = [one for one in found if one["action"] == "Looked"]
    assert [(one["kind"], one["member"]["displayName"]) for one in looked] == [("READ", "reader")]
    assert looked[0]["purpose"] == "case_management"
    assert looked[0]["at"].endswith("+00:00") or looked[0]["at"].endswith("Z")


async def test_nobody_reads_the_access_log_of_somebody_else(world: Any) -> None:
    await world.open()
    answer = await world.client.ask(
        "query ($id: ID!) { accessLog(personId: $id) { nodes { at } } }",
        variables={"id": world.ids["person"]}, token=world.tokens["person"],
    )  # fmt: skip
    assert answer["data"]["accessLog"] is None
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    answer = await world.client.ask(
        "query ($id: ID!) { accessLog(personId: $id) { nodes { at } } }",
        variables={"id": world.ids["person"]}, token=world.tokens["referent"],
    )  # fmt: skip
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_customs_are_of_the_restricted_class(world: Any) -> None:
    await world.open()
    given = {"personId": world.ids["person"], "kind": "FOOD", "words": "No pork, please"}
    await world.do("referent", "customRecord", given)
    answer = await world.client.change(world.tokens["team_member"], "customRecord", given)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    query = "query ($id: ID!) { person(id: $id) { familyName customs { nodes { kind words } } } }"
    options = {"variables": {"id": world.ids["person"]}}
    shown = await world.client.ask(query, token=world.tokens["referent"], **options)
    assert shown["data"]["person"]["customs"]["nodes"] == [
        {"kind": "FOOD", "words": "No pork, please"}
    ]
    for role in ("team_member", "reader"):
        hidden = await world.client.ask(query, token=world.tokens[role], **options)
        assert hidden["data"]["person"]["familyName"] == "Étoile"
        assert hidden["data"]["person"]["customs"] is None
        assert hidden["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_text_in_a_further_language_and_a_missing_one(world: Any) -> None:
    for words in ("Mezgeb", "Mezgeb 2"):
        given = {"code": "INFORMATION_SHEET", "language": "ti", "text": words}
        await world.do("admin", "personTextWrite", given)
    query = (
        "query ($l: String!) { personText(code: INFORMATION_SHEET, language: $l)"
        " { missing languages language text { text version } } }"
    )
    found = (await read(world, "referent", query, l="ti"))["personText"]
    assert found == {
        "missing": False, "languages": ["ti"], "language": "ti",
        "text": {"text": "Mezgeb 2", "version": 2},
    }  # fmt: skip
    missing = (await read(world, "referent", query, l="so"))["personText"]
    assert missing == {"missing": True, "languages": ["ti"], "language": "so", "text": None}
