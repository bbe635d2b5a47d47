"""Persons through the API: record, own fields, identifiers, search, protection, merge."""

from typing import Any

from refusals import nothing_written, refused

LABEL = {"en": "School", "fr": "École"}
FIELD = {
    "code": "school", "type": "CHOICE", "label": LABEL, "place": 1,
    "options": [
        {"code": "none", "label": {"en": "None", "fr": "Aucune"}},
        {"code": "some", "label": {"en": "Some", "fr": "Une"}},
    ],
}  # fmt: skip
RECORD = """id number familyName givenNames names { kind familyName givenNames script }
  birthDate birthDatePrecision sex gender languages languagesRead interpreterNeeded phone email
  contactPoints { kind value note safe } safeContact unanswered { field reason }
  extra { code label value unanswered } protection disclosure rowVersion"""


async def register(world: Any, role: str = "referent", **given: Any) -> Any:
    payload = await world.client.do(
        world.tokens[role], "personRegister", {"familyName": "Étoile", **given},
        f"person {{ {RECORD} }}",
    )  # fmt: skip
    return payload["person"]


async def ask(world: Any, role: str, query: str, language: str = "en", /, **variables: Any) -> Any:
    return await world.client.ask(
        query, variables=variables, token=world.tokens[role], language=language
    )


async def node(world: Any, role: str, person: str, want: str) -> Any:
    text = f"query ($id: ID!) {{ node(id: $id) {{ ... on Person {{ {want} }} }} }}"
    return await ask(world, role, text, id=person)


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", ())]


async def test_a_whole_record_is_written_and_read_again(world: Any) -> None:
    await world.client.do(world.tokens["admin"], "personFieldDefine", FIELD, "fields { code }")
    given = {
        "givenNames": "Nour",
        "names": [{"kind": "OFFICIAL", "familyName": "نجمة", "givenNames": "نور"}],
        "birthDate": "1990-02-01", "birthDatePrecision": "MONTH", "sex": "REFUSED",
        "gender": "WOMAN", "languages": ["ar", "fr"], "languagesRead": ["ar"],
        "interpreterNeeded": True, "email": "Nour@Example.org",
        "contactPoints": [{"kind": "PHONE", "value": "0612345678", "note": "Sister"}],
        "safeContact": "Text only", "unanswered": [{"field": "phone", "reason": "REFUSED"}],
        "extra": {"school": "some"},
    }  # fmt: skip
    found = await register(world, **given)
    assert found == {
        **given, "id": found["id"], "number": found["number"], "familyName": "Étoile",
        "names": [
            {"kind": "OFFICIAL", "familyName": "نجمة", "givenNames": "نور", "script": "arabic"}
        ],
        "phone": None, "email": "nour@example.org",
        "contactPoints": [{"kind": "PHONE", "value": "0612345678", "note": "Sister", "safe": True}],
        "extra": [{"code": "school", "label": "School", "value": "some", "unanswered": None}],
        "protection": "NONE", "disclosure": "FULL", "rowVersion": 1,
    }  # fmt: skip
    again = await node(world, "reader", found["id"], RECORD)
    assert again["data"]["node"] == found


async def test_a_patch_changes_what_is_given_and_empties_what_is_null(world: Any) -> None:
    await world.client.do(world.tokens["admin"], "personFieldDefine", FIELD, "fields { code }")
    person = await register(
        world, givenNames="Nour", phone="0612345678", sex="FEMALE", extra={"school": "some"}
    )
    patch = {
        "personId": person["id"], "rowVersion": 1, "phone": None, "sex": "UNKNOWN",
        "unanswered": [{"field": "phone", "reason": "UNKNOWN"}],
        "extra": {"school": {"unanswered": "refused"}},
    }  # fmt: skip
    payload = await world.client.do(
        world.tokens["referent"], "personUpdate", patch, f"person {{ {RECORD} }}"
    )
    changed = payload["person"]
    assert changed["phone"] is None
    assert changed["sex"] == "UNKNOWN"
    assert changed["givenNames"] == "Nour"
    assert changed["unanswered"] == [{"field": "phone", "reason": "UNKNOWN"}]
    assert changed["extra"] == [
        {"code": "school", "label": "School", "value": None, "unanswered": "REFUSED"}
    ]
    answer = await node(
        world, "reader", person["id"], "changes { nodes { kind fields member { displayName } } }"
    )
    newest, oldest = answer["data"]["node"]["changes"]["nodes"]
    assert (newest["kind"], oldest["kind"]) == ("UPDATED", "REGISTERED")
    assert newest["fields"] == ["extra", "phone", "sex", "unanswered"]
    assert newest["member"] == {"displayName": "referent"}


async def test_own_fields_and_kinds_are_told_in_both_languages(world: Any) -> None:
    admin = world.tokens["admin"]
    await world.client.do(admin, "personFieldDefine", FIELD, "fields { code }")
    kind = {"code": "badge", "title": {"en": "Badge", "fr": "Insigne"}}
    await world.client.do(admin, "identifierKindDefine", kind, "defined")
    text = """{ personFields { code type label required active place rowVersion least most
      options { code label } } identifierKinds { code title hasChecksum } }"""
    for language, label, badge in (("en", "School", "Badge"), ("fr", "École", "Insigne")):
        data = (await ask(world, "reader", text, language))["data"]
        (field,) = data["personFields"]
        assert (field["label"], field["type"], field["active"]) == (label, "CHOICE", True)
        assert [one["code"] for one in field["options"]] == ["none", "some"]
        assert {one["code"]: one["hasChecksum"] for one in data["identifierKinds"]} == {
            "fr_nir": True, "nhs_number": True, "badge": False,
        }  # fmt: skip
        assert data["identifierKinds"][-1]["title"] == badge


async def test_identifiers_are_added_shown_and_removed(world: Any) -> None:
    person = await register(world)
    add = {"personId": person["id"], "rowVersion": 1, "kind": "fr_nir"}
    want = "person { rowVersion identifiers { kind title system value } }"
    payload = await world.client.do(
        world.tokens["referent"], "personIdentifierAdd",
        {**add, "value": "2 55 08 14 168 025 38"}, want,
    )  # fmt: skip
    assert payload["person"]["identifiers"] == [
        {
            "kind": "fr_nir", "title": "French social-security number (NIR, INS)",
            "system": "urn:oid:1.2.250.1.213.1.4.8", "value": "255081416802538",
        }
    ]  # fmt: skip
    remove = {"personId": person["id"], "rowVersion": 2, "kind": "fr_nir", "reason": "Wrong person"}
    gone = await world.client.do(world.tokens["referent"], "personIdentifierRemove", remove, want)
    assert gone["person"]["identifiers"] == []


async def test_bad_input_about_persons(world: Any, rows: Any) -> None:
    await world.client.do(world.tokens["admin"], "personFieldDefine", FIELD, "fields { code }")
    one, two = await register(world), await register(world, familyName="Autre")
    admin = "admin"
    await world.client.do(
        world.tokens["referent"], "personIdentifierAdd",
        {"personId": one["id"], "rowVersion": 1, "kind": "nhs_number", "value": "9434765919"},
        "person { id }",
    )  # fmt: skip
    await world.client.do(
        world.tokens["referent"], "personIdentifierAdd",
        {"personId": two["id"], "rowVersion": 1, "kind": "nhs_number", "value": "4010232137"},
        "person { id }",
    )  # fmt: skip
    family = {"familyName": "A"}
    patch = {"personId": one["id"], "rowVersion": 2}
    merge = {
        "personId": one["id"], "rowVersion": 2, "intoId": two["id"], "intoRowVersion": 2,
        "reason": "Same",
    }  # fmt: skip
    field = ("input", "extra", "school")
    async with nothing_written(rows, world):
        for role, name, given, code, *path in (
            ("referent", "personRegister", {**family, "birthDate": "2999-01-01",
             "birthDatePrecision": "DAY"}, "INVALID_INPUT", "input", "birthDate"),
            ("referent", "personRegister", {"familyName": None}, "INVALID_INPUT", "input",
             "familyName"),
            ("referent", "personRegister", {**family, "coded": True}, "INVALID_INPUT", "input",
             "familyName"),
            ("referent", "personRegister", {**family, "extra": {"school": "odd"}},
             "FIELD_INVALID", *field),
            ("referent", "personRegister", {**family, "extra": [1]}, "INVALID_INPUT", "input",
             "extra"),
            ("referent", "personRegister", {**family, "unanswered": [{"field": "shoe",
             "reason": "REFUSED"}]}, "INVALID_INPUT", "input", "unanswered"),
            ("referent", "personUpdate", {**patch, "rowVersion": 1, "phone": "1"},
             "STALE_OBJECT", "input", "rowVersion"),
            ("referent", "personUpdate", {**patch, "familyName": None}, "INVALID_INPUT", "input",
             "familyName"),
            ("referent", "personUpdate", {**patch, "extra": {"unknown": 1}}, "FIELD_INVALID",
             "input", "extra", "unknown"),
            ("referent", "personIdentifierAdd", {**patch, "kind": "fr_nir",
             "value": "255081416802539"}, "IDENTIFIER_INVALID", "input", "value"),
            ("referent", "personIdentifierAdd", {**patch, "kind": "nhs_number",
             "value": "4010232137"}, "IDENTIFIER_TAKEN", "input", "value"),
            ("referent", "personIdentifierAdd", {**patch, "kind": "odd", "value": "1"},
             "INVALID_INPUT", "input", "kind"),
            ("supervisor", "personMerge", merge, "MERGE_CONFLICT", "input", "intoId"),
            ("supervisor", "personMerge", {**merge, "intoId": one["id"]}, "MERGE_CONFLICT",
             "input", "intoId"),
            ("supervisor", "personUnmerge", {**patch, "reason": "x"}, "MERGE_CONFLICT", "input",
             "personId"),
            ("referent", "personProtect", {**patch, "protection": "RESTRICTED", "reason": " "},
             "INVALID_INPUT", "input", "reason"),
            (admin, "personFieldDefine", {**FIELD, "code": "Bad code"}, "INVALID_INPUT", "input",
             "code"),
            (admin, "personFieldDefine", FIELD, "STALE_OBJECT", "input", "rowVersion"),
            (admin, "identifierKindDefine", {"code": "fr_nir", "title": LABEL}, "INVALID_INPUT",
             "input", "code"),
        ):  # fmt: skip
            await refused(world, role, name, given, code, *path)


SEARCH = """query ($text: String!, $birth: String, $first: Int, $after: String) {
  personSearch(text: $text, birthDate: $birth) { complete
    persons(first: $first, after: $after) { totalCount nodes { id familyName }
      pageInfo { hasNextPage endCursor } } } }"""


async def test_search_finds_pages_and_refuses_nonsense(world: Any) -> None:
    made = [
        (await register(world, familyName="Zéphyr", givenNames=f"N{at}", birthDate="1990-02-01",
                        birthDatePrecision="DAY"))["id"]
        for at in range(5)
    ]  # fmt: skip
    seen: list[str] = []
    after = None
    while True:
        answer = await ask(world, "reader", SEARCH, text="zephyr", first=2, after=after)
        page = answer["data"]["personSearch"]["persons"]
        assert (page["totalCount"], answer["data"]["personSearch"]["complete"]) == (5, True)
        seen += [one["id"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(seen) == sorted(made)
    answer = await ask(world, "reader", SEARCH, text="N3 ZEPHYR", birth="1990-02")
    assert [one["id"] for one in answer["data"]["personSearch"]["persons"]["nodes"]] == [made[3]]
    for language in ("en", "fr"):
        wrong = await ask(world, "reader", SEARCH, language, text=" ")
        assert (wrong["data"], codes(wrong)) == ({"personSearch": None}, ["INVALID_INPUT"])
    for role in ("admin", "person"):
        assert codes(await ask(world, role, SEARCH, text="zephyr")) == ["FORBIDDEN"]


async def test_another_tenant_finds_nobody_of_ours(world: Any, worlds: Any) -> None:
    await register(world, familyName="Introuvable")
    answer = await ask(worlds[1], "reader", SEARCH, text="introuvable")
    assert answer["data"]["personSearch"]["persons"] == {
        "totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None},
    }  # fmt: skip
