"""Fixtures shared by every test: a real PostgreSQL and Redis, migrated once a run."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from cordee_core.access.context import ContextKeys
from cordee_core.access.scope import Scope
from cordee_core.access.tokens import authenticate
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.lint import declared_classes
from cordee_core.database.migrate import migrate
from cordee_core.database.provision import provision
from cordee_core.database.roles import APP, LOGIN_ROLES, MIGRATOR, RELAY
from cordee_core.database.tables import DECLARED
from cordee_core.database.unit_of_work import perform
from cordee_core.embedded.place import temporary_data
from cordee_core.embedded.postgres import EmbeddedPostgres
from cordee_core.embedded.redis import EmbeddedRedis
from cordee_core.features import install
from cordee_core.members.accept_invitation import AcceptDraft, accept_invitation, accept_scope
from cordee_core.members.invite_member import InviteDraft, invite_member
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.plugins.host import PluginHost
from cordee_core.tenants.enable_plugin import EnableDraft, enable_plugin
from cordee_core.tenants.sign_up import SignUpDraft, sign_up, sign_up_scope


@dataclass(frozen=True)
class Cluster:
    """The PostgreSQL server of this run: one migrated database and the addresses of its roles."""

    superuser: str
    passwords: dict[str, str]
    keys: ContextKeys

    def url(self, role: str, database: str = "cordee") -> str:
        """The address of `database` for `role`."""
        where = self.superuser.rpartition("@")[2].partition("/")[0]
        return f"postgresql://{role}:{self.passwords[role]}@{where}/{database}"

    def superuser_url(self, database: str = "cordee") -> str:
        """The address of `database` for the superuser."""
        return f"{self.superuser.rpartition('/')[0]}/{database}"

    @property
    def app(self) -> str:
        """The application's address."""
        return self.url(APP)

    @property
    def migrator(self) -> str:
        """The migrator's address."""
        return self.url(MIGRATOR)

    @property
    def relay(self) -> str:
        """The relay's address."""
        return self.url(RELAY)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take how long the long forms of some tests are."""
    parser.addoption("--races", type=int, default=30, help="races for one case's referent")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def host() -> PluginHost:
    """Every installed plugin; all of them load."""
    return install(PluginHost.discover(strict=True))


@pytest.fixture(scope="session")
def cluster(host: PluginHost) -> Iterator[Cluster]:
    """A migrated database on a server of its own, gone when the run ends."""
    passwords = {role: secrets.token_urlsafe(12) for role in LOGIN_ROLES}
    with temporary_data() as data, EmbeddedPostgres(data, fast=True) as superuser:
        found = Cluster(superuser, passwords, ContextKeys({"k1": secrets.token_bytes(32)}))

        async def prepare() -> None:
            await provision(superuser, passwords)
            report = await migrate(found.migrator, context_keys=found.keys, host=host)
            assert not report.refused

        asyncio.run(prepare())
        yield found


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis server of its own, gone when the run ends."""
    with temporary_data() as data, EmbeddedRedis(data) as url:
        yield url


@pytest.fixture(scope="session")
async def engine(cluster: Cluster) -> AsyncIterator[CordeeEngine]:
    """The application's engine, bound to every table."""
    declared_classes()
    found = CordeeEngine(cluster.app)
    await found.start_connection_pool(max_size=5)
    bind(found, list(DECLARED.values()))
    yield found
    await found.close_connection_pool()


@dataclass(frozen=True)
class Tenancy:
    """One tenant of a test: a scope for each role, and the tokens they came from."""

    id: UUID
    slug: str
    scopes: dict[str, Scope]
    tokens: dict[str, str]
    person: UUID
    """The person of the role ``person``."""

    def __getitem__(self, role: str) -> Scope:
        return self.scopes[role]


async def make_tenancy(
    engine: CordeeEngine, host: PluginHost, keys: ContextKeys, *, plugins: tuple[str, ...] = ()
) -> Tenancy:
    """Sign a tenant up, enable `plugins`, invite and accept a member for each role."""
    slug = f"t-{secrets.token_hex(8)}"
    scope = sign_up_scope(keys, host, "fr")
    draft = SignUpDraft(
        name=f"Organisation {slug}", slug=slug, plan="standard", admin_name="Ada Admin",
        admin_email=f"admin@{slug}.example",
    )  # fmt: skip
    tokens = {"admin": (await perform(engine, scope, "tenantSignUp", sign_up, draft)).once["token"]}
    admin = await authenticate(engine, host, keys, tokens["admin"], language="fr")
    for plugin in plugins:
        await perform(engine, admin, "pluginEnable", enable_plugin, EnableDraft(plugin=plugin))
    person: UUID | None = None
    boss: UUID | None = None
    for role in ("supervisor", "referent", "team_member", "reader", "volunteer", "person"):
        if role == "person":
            referent = await authenticate(engine, host, keys, tokens["referent"], language="fr")
            made = await perform(
                engine, referent, "personRegister", register_person,
                PersonDraft(family_name="Martin", given_names="Lou"),
            )  # fmt: skip
            person = made.changed["person"]
        invited = await perform(
            engine, admin, "memberInvite", invite_member,
            InviteDraft(
                email=f"{role}@{slug}.example", display_name=role.title(), roles=(role,),
                person=person, supervisor=boss if role == "volunteer" else None,
            ),
        )  # fmt: skip
        code = invited.once["code"]
        joining = await accept_scope(engine, keys, host, code, "fr")
        accepted = await perform(
            engine, joining, "invitationAccept", accept_invitation, AcceptDraft(code=code)
        )
        tokens[role] = accepted.once["token"]
        boss = boss or accepted.changed["member"]
    scopes = {
        role: await authenticate(engine, host, keys, token, language="fr")
        for role, token in tokens.items()
    }
    assert person is not None
    return Tenancy(admin.tenant, slug, scopes, tokens, person)


@pytest.fixture(scope="session")
async def tenants(
    engine: CordeeEngine, host: PluginHost, cluster: Cluster
) -> tuple[Tenancy, Tenancy]:
    """Two tenants, A and B, each with its plugin and a member of each role."""
    first = await make_tenancy(engine, host, cluster.keys, plugins=("housing",))
    second = await make_tenancy(engine, host, cluster.keys, plugins=("housing",))
    return first, second


@pytest.fixture
async def tenant(engine: CordeeEngine, host: PluginHost, cluster: Cluster) -> Tenancy:
    """A tenant of this test alone."""
    return await make_tenancy(engine, host, cluster.keys, plugins=("housing",))
