"""Loads the demonstration: two tenants, a member of each role, what the plugins bring along."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from cordee_core.access.context import ContextKeys
from cordee_core.access.permissions import grants
from cordee_core.access.queries import issue_token, revoke_member_tokens
from cordee_core.access.scope import Actor, Scope
from cordee_core.access.tokens import TOKEN_PREFIX, new_secret
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.lint import declared_classes
from cordee_core.database.tables import DECLARED
from cordee_core.database.unit_of_work import Changed, perform
from cordee_core.demo.people import Invented, invented, open_cases
from cordee_core.features import install
from cordee_core.members.accept_invitation import AcceptDraft, accept_invitation, accept_scope
from cordee_core.members.invite_member import InviteDraft, invite_member
from cordee_core.members.queries import first_of_role
from cordee_core.plugins.host import PluginHost
from cordee_core.tenants.enable_plugin import EnableDraft, enable_plugin
from cordee_core.tenants.queries import exists
from cordee_core.tenants.sign_up import SignUpDraft, sign_up

TOKEN_TERM = timedelta(hours=12)
ROLES = ("admin", "supervisor", "referent", "team_member", "reader", "person")
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoTenant:
    """A tenant of the demonstration, with a token for each role."""

    slug: str
    name: str
    tokens: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A tenant to be made. Its id is fixed, so that a second start finds it again."""

    id: UUID
    slug: str
    name: str
    language: Any
    people: int


_TENANTS = (
    _Plan(
        UUID("01930000-0000-7000-8000-00000000000a"), "les-passerelles", "Les Passerelles", "fr", 99
    ),
    _Plan(
        UUID("01930000-0000-7000-8000-00000000000b"), "harbour-bridge", "Harbour Bridge", "en", 1
    ),
)
_NAMES = {
    "supervisor": "Sacha Lambert", "referent": "Inès Garnier", "team_member": "Tom Okafor",
    "reader": "Jeanne Roux",
}  # fmt: skip


async def load(
    url: str, keys: ContextKeys, host: PluginHost, progress: Progress = lambda _: None
) -> list[DemoTenant]:
    """Make the tenants that are not there yet, and new tokens for all; older ones are revoked."""
    declared_classes()
    engine = CordeeEngine(url)
    await engine.start_connection_pool(max_size=2)
    bind(engine, list(DECLARED.values()))
    try:
        return [await _tenant(engine, keys, install(host), plan, progress) for plan in _TENANTS]
    finally:
        await engine.close_connection_pool()


async def _tenant(
    engine: CordeeEngine, keys: ContextKeys, host: PluginHost, plan: _Plan, progress: Progress
) -> DemoTenant:
    scope = Scope(
        tenant=plan.id, keys=keys, host=host, permissions=grants(("admin",)),
        language=plan.language, enabled=frozenset(host.manifests),
    )  # fmt: skip
    async with engine.transaction(cordee__context=scope.signed()):
        known = await exists()
    if not known:
        await _found(engine, scope, plan, progress)
    return DemoTenant(plan.slug, plan.name, await _tokens(engine, scope))


async def _found(engine: CordeeEngine, scope: Scope, plan: _Plan, progress: Progress) -> None:
    progress(plan.slug)
    draft = SignUpDraft(
        name=plan.name, slug=plan.slug, plan="standard", admin_name="Camille Dubois",
        admin_email=f"admin@{plan.slug}.example", language=plan.language,
    )  # fmt: skip
    signed = await perform(engine, scope, "tenantSignUp", sign_up, draft)
    admin = _as(scope, signed.changed["member"], "admin", "Camille Dubois")
    for plugin in sorted(scope.host.manifests):
        await perform(engine, admin, "pluginEnable", enable_plugin, EnableDraft(plugin=plugin))
    members = {
        role: await _invite(engine, scope, admin, plan, role, name, None)
        for role, name in _NAMES.items()
    }
    acting = {role: _as(scope, one, role, _NAMES[role]) for role, one in members.items()}

    async def do(role: str, use_case: Callable[..., Awaitable[Changed]], draft: Any) -> Changed:
        return (await perform(engine, acting[role], "demo", use_case, draft)).changed

    found = invented(scope.host)
    chosen = Invented(found.persons[: plan.people], found.cases)
    persons = await open_cases(engine, acting["referent"], do, chosen)
    first = next(iter(persons.values()), None)
    if first is not None:
        await _invite(engine, scope, admin, plan, "person", found.persons[0]["given_names"], first)


async def _invite(
    engine: CordeeEngine,
    scope: Scope,
    admin: Scope,
    plan: _Plan,
    role: str,
    name: str,
    person: UUID | None,
) -> UUID:
    draft = InviteDraft(
        email=f"{role}@{plan.slug}.example", display_name=name, roles=(role,), person=person
    )
    code = (await perform(engine, admin, "memberInvite", invite_member, draft)).once["code"]
    joining = await accept_scope(engine, scope.keys, scope.host, code, scope.language)
    accepted = await perform(
        engine, joining, "invitationAccept", accept_invitation, AcceptDraft(code=code)
    )
    return accepted.changed["member"]


def _as(scope: Scope, member: UUID, role: str, name: str) -> Scope:
    actor = Actor(id=member, roles=(role,), display_name=name)
    return replace(scope, member=actor, permissions=grants((role,)))


async def _tokens(engine: CordeeEngine, scope: Scope) -> dict[str, str]:
    """Return a new token for a member of each role."""
    tokens: dict[str, str] = {}
    async with engine.transaction(cordee__context=scope.signed()):
        for role in ROLES:
            member = await first_of_role(role)
            if member is None:
                continue
            await revoke_member_tokens(member)
            tokens[role], digest = new_secret(TOKEN_PREFIX)
            await issue_token(digest, member, scope.clock() + TOKEN_TERM)
    return tokens
