"""Coming in, going out, and what one request may do after another in the same document."""

import secrets
from typing import Any
from uuid import UUID

from cordee_graphql.ids import decode

SIGN_UP = """
mutation ($slug: String!) {
  tenantSignUp(input: {
    name: "Abri", slug: $slug, plan: "starter", adminName: "Ada", adminEmail: "ada@abri.example"
  }) {
    token
    tenant { id slug plan { code } language }
    member { id displayName roles email }
    userErrors { code }
  }
}
"""


def slug() -> str:
    return f"a-{secrets.token_hex(6)}"


async def test_the_new_admin_reads_what_was_made(client: Any) -> None:
    name = slug()
    answer = await client.ask(SIGN_UP, variables={"slug": name}, language="fr")
    made = answer["data"]["tenantSignUp"]
    assert made["userErrors"] == []
    assert made["tenant"]["slug"] == name
    assert made["tenant"]["plan"] == {"code": "starter"}
    assert made["member"]["roles"] == ["ADMIN"]
    assert made["member"]["email"] == "ada@abri.example"
    seen = await client.ask("{ viewer { tenant { id } member { id } } }", token=made["token"])
    assert seen["data"]["viewer"] == {
        "tenant": {"id": made["tenant"]["id"]}, "member": {"id": made["member"]["id"]},
    }  # fmt: skip


async def test_a_failed_sign_up_gives_nothing(client: Any, worlds: Any) -> None:
    answer = await client.ask(SIGN_UP, variables={"slug": worlds[0].slug})
    assert answer["data"]["tenantSignUp"] == {
        "token": None, "tenant": None, "member": None, "userErrors": [{"code": "SLUG_TAKEN"}],
    }  # fmt: skip


async def test_who_signs_another_tenant_up_goes_on_as_themselves(world: Any) -> None:
    document = """
    mutation ($slug: String!) {
      first: personRegister(input: { familyName: "One" }) { person { id } }
      tenantSignUp(input: {
        name: "Abri", slug: $slug, plan: "starter", adminName: "A", adminEmail: "a@abri.example"
      }) { tenant { id } }
      second: personRegister(input: { familyName: "Two" }) { person { id familyName } }
    }
    """
    answer = await world.client.ask(
        document, variables={"slug": slug()}, token=world.tokens["referent"]
    )
    assert "errors" not in answer
    assert answer["data"]["second"]["person"]["familyName"] == "Two"
    assert decode(answer["data"]["tenantSignUp"]["tenant"]["id"])[1] != world.tenant


async def test_an_unknown_code_joins_nowhere(client: Any) -> None:
    for code in ("cdi_unknown", "", "x" * 500):
        answer = await client.change(
            None, "invitationAccept", {"code": code}, "token member { id } tenant { id }"
        )
        payload = answer["data"]["invitationAccept"]
        assert payload.pop("userErrors")[0]["code"] == "INVITATION_INVALID"
        assert payload == {"token": None, "member": None, "tenant": None}


async def test_the_invited_reads_their_membership(world: Any) -> None:
    invited = await world.client.do(
        world.tokens["admin"], "memberInvite",
        {"email": "Lou@Abri.example", "displayName": "Lou", "roles": ["READER", "TEAM_MEMBER"]},
        "code invitation { email acceptedAt expiresAt }",
    )  # fmt: skip
    assert invited["invitation"]["email"] == "lou@abri.example"
    assert invited["invitation"]["acceptedAt"] is None
    joined = await world.client.do(
        None, "invitationAccept", {"code": invited["code"], "displayName": "Lou M."},
        "token member { displayName roles } tenant { id }",
    )  # fmt: skip
    assert joined["member"] == {"displayName": "Lou M.", "roles": ["READER", "TEAM_MEMBER"]}
    assert decode(joined["tenant"]["id"])[1] == world.tenant


async def test_an_ended_membership_has_no_token_left(world: Any) -> None:
    seen = await world.client.ask(
        "{ viewer { member { id rowVersion } } }", token=world.tokens["reader"]
    )
    member = seen["data"]["viewer"]["member"]
    given = {"memberId": member["id"], "rowVersion": member["rowVersion"]}
    ended = await world.client.do(
        world.tokens["admin"], "membershipEnd", given, "member { status }"
    )
    assert ended["member"] == {"status": "LEFT"}
    gone = await world.client.post("{ __typename }", token=world.tokens["reader"])
    assert gone.status_code == 401


async def test_a_plugin_enabled_serves_the_rest_of_the_request(client: Any) -> None:
    signed = await client.ask(SIGN_UP, variables={"slug": slug()})
    token = signed["data"]["tenantSignUp"]["token"]
    document = """
    mutation {
      before: programmeCopyTemplate(input: { template: "housing.support_to_housing" }) {
        userErrors { code path }
      }
      pluginEnable(input: { plugin: "housing" }) { plugin { enabled } userErrors { code } }
      after: programmeCopyTemplate(input: { template: "housing.support_to_housing" }) {
        programme { status } userErrors { code }
      }
      pluginDisable(input: { plugin: "housing" }) { plugin { enabled } userErrors { code } }
      last: programmeCopyTemplate(input: { template: "housing.support_to_housing", code: "x" }) {
        userErrors { code }
      }
    }
    """
    data = (await client.ask(document, token=token))["data"]
    assert data["before"]["userErrors"] == [{"code": "NOT_FOUND", "path": ["input", "template"]}]
    assert data["pluginEnable"]["plugin"]["enabled"] is True
    assert data["after"]["programme"] == {"status": "DRAFT"}
    assert data["pluginDisable"]["plugin"]["enabled"] is False
    assert data["last"]["userErrors"] == [{"code": "NOT_FOUND"}]


async def test_a_repeated_request_does_only_what_was_not_done(world: Any, rows: Any) -> None:
    token, case = world.tokens["referent"], None
    await world.open()
    case = world.ids["case"]
    document = """
    mutation ($case: ID!, $late: ID!) {
      first: noteAdd(input: { caseId: $case, text: "One" }) { note { id } userErrors { code } }
      second: noteAdd(input: { caseId: $late, text: "Two" }) { note { id } userErrors { code } }
    }
    """
    variables = {"case": case, "late": case[:-4] + case[-4:]}
    first = await world.client.ask(document, variables=variables, token=token, key="one-key")
    before = await rows(world.tenant)
    again = await world.client.ask(document, variables=variables, token=token, key="one-key")
    assert again["data"] == first["data"]
    assert first["data"]["first"]["note"] != first["data"]["second"]["note"]
    assert await rows(world.tenant) == before


async def test_what_is_shown_once_is_not_shown_again(world: Any) -> None:
    given = {"email": "k@abri.example", "displayName": "K", "roles": ["READER"]}
    ask = "code invitation { id }"
    token = world.tokens["admin"]
    first = await world.client.do(token, "memberInvite", given, ask, key="k1")
    again = await world.client.do(token, "memberInvite", given, ask, key="k1")
    assert first["code"].startswith("cdi_")
    assert again == {**first, "code": None}


async def test_the_journal_names_the_mutation(world: Any, cluster: Any) -> None:
    import asyncpg

    await world.do("referent", "personRegister", {"familyName": "Étoile"}, "person")
    connection = await asyncpg.connect(cluster.superuser_url())
    try:
        entry = await connection.fetchrow(
            "SELECT action, subjects, fields FROM core.journal_entries WHERE tenant_id = $1"
            " AND kind = 'write' ORDER BY at DESC LIMIT 1",
            world.tenant,
        )
    finally:
        await connection.close()
    person: UUID = decode(world.ids["person"])[1]
    assert (entry["action"], entry["subjects"]) == ("personRegister", [person])
    assert "family_name" in entry["fields"]
    assert "Étoile" not in str(dict(entry))
