"""The platform as it is served, and tenants made through its API."""

import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from cordee_core.plugins.host import PluginHost
from cordee_core.settings import Settings
from cordee_graphql.backend import Database
from cordee_graphql.context import Installation
from cordee_graphql.ids import decode
from cordee_graphql.schema import build_schema
from cordee_server.auth import authenticate
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.pages import Pages
from cordee_server.readiness import Readiness

pytest.register_assert_rewrite("refusals", "story_requests", "levels_ground", "work_ground")
sys.path.insert(0, str(Path(__file__).parent))


@dataclass(frozen=True)
class Client:
    """Asks the real schema on the real database, over HTTP."""

    http: httpx.AsyncClient

    async def post(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        language: str = "en",
        key: str | None = None,
    ) -> httpx.Response:
        headers = {
            "Accept": "application/graphql-response+json",
            "Accept-Language": language,
            **({"Authorization": f"Bearer {token}"} if token else {}),
            **({"Idempotency-Key": key} if key else {}),
        }
        body = {"query": document, "variables": dict(variables or {})}
        return await self.http.post("/graphql", json=body, headers=headers)

    async def ask(self, document: str, **options: Any) -> dict[str, Any]:
        """Return the whole answer."""
        return (await self.post(document, **options)).json()

    async def change(
        self, token: str | None, name: str, given: Mapping[str, Any], want: str = "", **options: Any
    ) -> dict[str, Any]:
        """Run one mutation; return the whole answer."""
        document = (
            f"mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input)"
            f" {{ {want} userErrors {{ code message path }} }} }}"
        )
        return await self.ask(document, variables={"input": given}, token=token, **options)

    async def do(
        self, token: str | None, name: str, given: Mapping[str, Any], want: str = "", **options: Any
    ) -> dict[str, Any]:
        """Run one mutation that must be done; return its payload."""
        answer = await self.change(token, name, given, want, **options)
        assert "errors" not in answer, answer
        assert answer["data"][name]["userErrors"] == [], answer
        return answer["data"][name]


async def _nothing() -> Sequence[str]:
    return ()


@pytest.fixture(scope="session")
async def client(
    engine: Any, host: PluginHost, cluster: Any, serving: Any
) -> AsyncIterator[Client]:
    """The platform as it is served, on the engine of the tests."""
    settings = Settings(keys=dict(cluster.keys.keys))
    gateway = Gateway(
        build_schema(host, strict=True),
        Database(engine),
        partial(authenticate, engine, host, cluster.keys),
        Pages(),
        30.0,
        Installation(engine, host, cluster.keys, settings),
    )
    application = make_application(
        gateway, Readiness(_nothing, _nothing), max_body=settings.max_body_bytes
    )
    async with (
        serving(application) as found,
        httpx.AsyncClient(base_url=found, timeout=30.0) as http,
    ):
        yield Client(http)


ROLES = ("supervisor", "referent", "team_member", "reader", "volunteer", "person")
FACTS = {
    "days_until_homeless": 20, "health_difficulty": True, "income_difficulty": True,
    "isolation": False, "debts": False, "violence": False, "wants_support": True,
}  # fmt: skip


@dataclass
class World:
    """A tenant made through the API: tokens by role, global ids and row versions by name."""

    client: Client
    slug: str
    tenant: UUID
    tokens: dict[str, str]
    ids: dict[str, str] = field(default_factory=dict)

    async def do(
        self, role: str, name: str, given: Mapping[str, Any], *keep: str, **options: Any
    ) -> dict[str, Any]:
        """Run one mutation that must be done; remember the ids of the objects `keep`."""
        want = " ".join(f"{one} {{ id }}" for one in keep)
        payload = await self.client.do(self.tokens[role], name, given, want, **options)
        self.ids.update({one: payload[one]["id"] for one in keep})
        return payload

    async def version(self, name: str) -> int:
        """The row version of the object `name` as it stands."""
        kind = {"result": "EligibilityResult"}.get(name, name.title())
        role = "admin" if name in ("programme", "member", "service") else "referent"
        answer = await self.client.ask(
            f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ rowVersion }} }} }}",
            variables={"id": self.ids[name]}, token=self.tokens[role],
        )  # fmt: skip
        return answer["data"]["node"]["rowVersion"]

    async def open(self) -> None:
        """Activate a programme, register a person and open a case at intake."""
        template = {"template": "housing.support_to_housing"}
        await self.do("supervisor", "programmeCopyTemplate", template, "programme")
        activate = {"programmeId": self.ids["programme"], "rowVersion": 1}
        await self.do("supervisor", "programmeActivate", activate)
        await self.do("referent", "personRegister", {"familyName": "Étoile"}, "person")
        await self.do("referent", "caseOpen", self.request(), "case")

    def request(self) -> dict[str, Any]:
        """The input of `caseOpen`."""
        return {
            "personId": self.ids["person"], "programmeId": self.ids["programme"],
            "requestSource": "SELF", "requestedOn": "2026-01-15",
        }  # fmt: skip

    async def admit(self) -> None:
        """Decide, take the consent, designate the referent: nothing stands against assessment."""
        case = {"caseId": self.ids["case"]}
        await self.do(
            "referent", "selectionDecide",
            {**case, "facts": FACTS, "decision": "ADMITTED", "reason": "Criteria met"},
        )  # fmt: skip
        given = {"givenOn": "2026-01-15", "informationGivenOn": "2026-01-15", "form": "SIGNED"}
        await self.do("referent", "consentRecord", {**case, **given, "language": "fr"}, "consent")
        designated = {"rowVersion": await self.version("case"), "memberId": self.ids["member"]}
        await self.do("supervisor", "referentDesignate", {**case, **designated})

    async def refer(self) -> None:
        """Evaluate eligibility, make a team and a service, prepare a referral."""
        case = {"caseId": self.ids["case"]}
        rule = {"rule": "housing.uk_homeless_duty", "facts": {"days_until_homeless": 20}}
        await self.do("referent", "eligibilityEvaluate", {**case, **rule}, "result")
        await self.do("admin", "teamCreate", {"name": "North"}, "team")
        text = {"en": "Shelter", "fr": "Abri"}
        service = {"code": "shelter", "name": text, "description": text, "kind": "ACCOMPAGNEMENT"}
        await self.do("admin", "serviceCreate", service, "service")
        referral = {**case, "serviceId": self.ids["service"], "reason": "A bed tonight"}
        await self.do("referent", "referralCreate", referral, "referral")


async def new_world(client: Client) -> World:
    """Sign a tenant up, enable the plugin, and have a member of each role join."""
    slug = f"w-{secrets.token_hex(8)}"
    admin = {"name": slug, "slug": slug, "plan": "standard", "adminName": "Ada"}
    signed = await client.do(
        None, "tenantSignUp", {**admin, "adminEmail": f"a@{slug}.example"}, "token tenant { id }"
    )
    tenant = decode(signed["tenant"]["id"])[1]
    world = World(client, slug, tenant, {"admin": signed["token"]})
    await world.do("admin", "pluginEnable", {"plugin": "housing"})
    for role in ROLES:
        given = {
            "email": f"{role}@{slug}.example",
            "displayName": role,
            "roles": [role.upper()],
        }
        if role == "person":
            await world.do("referent", "personRegister", {"familyName": "Own"}, "person")
            given["personId"] = world.ids["person"]
        if role == "volunteer":
            given["supervisorId"] = world.ids["boss"]
        invited = await client.do(world.tokens["admin"], "memberInvite", given, "code")
        joined = await client.do(
            None, "invitationAccept", {"code": invited["code"]}, "token member { id }"
        )
        world.tokens[role] = joined["token"]
        if role in ("referent", "supervisor"):
            world.ids["member" if role == "referent" else "boss"] = joined["member"]["id"]
    return world


@pytest.fixture(scope="session")
def make_world() -> Callable[[Client], Awaitable[World]]:
    """Make tenants for a whole file."""
    return new_world


@pytest.fixture
async def world(client: Client) -> World:
    """A tenant of this test alone, with nothing but its members."""
    return await new_world(client)


@pytest.fixture(scope="session")
async def worlds(client: Client) -> tuple[World, World]:
    """Two tenants, each with a case ready for assessment and a referral; only to be read."""
    from levels_ground import leveled
    from plans_ground import planned
    from work_ground import worked

    both = (await new_world(client), await new_world(client))
    for one in both:
        await one.open()
        await one.admit()
        await one.refer()
        await leveled(one)
        await worked(one)
        await planned(one)
    return both


Rows = Callable[[UUID], Awaitable[dict[str, int]]]


@pytest.fixture(scope="session")
async def rows(cluster: Any) -> AsyncIterator[Rows]:
    """Count all rows of a tenant by table, as the superuser; of the journal only writes."""
    connection = await asyncpg.connect(cluster.superuser_url())
    tables = await connection.fetch(
        "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a"
        " ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
        " WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('core', 'auth')"
    )

    async def count(tenant: UUID) -> dict[str, int]:
        found = {}
        for (name,) in tables:
            more = " AND kind = 'write'" if name == "core.journal_entries" else ""
            found[name] = await connection.fetchval(
                f"SELECT count(*) FROM {name} WHERE tenant_id = $1{more}", tenant
            )
        return found

    yield count
    await connection.close()
