"""Roles of a tenant's own: copied, changed, given; nobody hands out more than they may."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from staff_ground import Ground, acting, make_ground, said

from cordee_core.access.permissions import ROLES, Permission, Reach, grants
from cordee_core.access.scope import Scope
from cordee_core.access.tokens import authenticate
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.database.unit_of_work import perform, unit_of_work
from cordee_core.errors import (
    ForbiddenError,
    InvalidInputError,
    LastAdminError,
    PermissionNotHeldError,
    StaleObjectError,
)
from cordee_core.members.accept_invitation import AcceptDraft, accept_invitation, accept_scope
from cordee_core.members.end_membership import EndDraft, end_membership
from cordee_core.members.invite_member import InviteDraft, invite_member
from cordee_core.members.manage_roles import (
    MemberRolesDraft,
    RoleChangeDraft,
    RoleCopyDraft,
    change_role,
    copy_role,
    set_member_roles,
)
from cordee_core.members.set_profile import ProfileDraft, set_profile

TITLE = {"en": "Night team", "fr": "Équipe de nuit"}
READ = (("person.read", "team"), ("case.read", "team"))


@pytest.fixture
async def ground(engine: Any, cluster: Any, tenant: Any) -> Ground:
    return await make_ground(engine, cluster, tenant)


async def copied(ground: Ground, role: str = "reader") -> Any:
    draft = RoleCopyDraft(role=role, code="night", title=TITLE)
    return (await ground.do("admin", copy_role, draft))["role"]


async def again(ground: Ground, role: str) -> Scope:
    """The scope as the token gives it now."""
    token, host = ground.tenancy.tokens[role], ground.tenancy["admin"].host
    return await authenticate(ground.engine, host, ground.cluster.keys, token)


def test_every_shipped_role_is_a_set_of_permissions_with_a_reach() -> None:
    assert set(ROLES) == {
        "admin", "supervisor", "referent", "team_member", "reader", "volunteer", "person",
    }  # fmt: skip
    assert grants(["nobody"]) == {}
    both = grants(["reader", "volunteer"], [{"case.read": "team", "case.write": "tenant"}])
    assert both[Permission.CASE_READ] is Reach.TENANT
    assert both[Permission.CASE_WRITE] is Reach.TENANT
    assert grants([], [{"case.read": "team"}]) == {Permission.CASE_READ: Reach.TEAM}


async def test_a_copy_is_changed_and_holds_at_once(ground: Ground) -> None:
    role = await copied(ground, "team_member")
    member = ground.tenancy["reader"].actor.id
    await ground.do("admin", set_member_roles, MemberRolesDraft(
        member=member, row_version=1, roles=(), own_roles=(role,),
    ))  # fmt: skip
    scope = await again(ground, "reader")
    assert scope.permissions == grants(["team_member"])
    given = CaseDraft(
        person=ground.tenancy.person, programme=ground.programme, request_source="self",
        requested_on=scope.clock().date(),
    )  # fmt: skip
    await ground.do(scope, open_case, given)
    change = RoleChangeDraft(role=role, row_version=1, grants=READ)
    await ground.do("admin", change_role, change)
    scope = await again(ground, "reader")
    assert scope.permissions == {
        Permission.PERSON_READ: Reach.TEAM, Permission.CASE_READ: Reach.TEAM,
    }  # fmt: skip
    assert isinstance(await ground.refused(scope, open_case, given), ForbiddenError)
    stale = await ground.refused("admin", change_role, change)
    assert isinstance(stale, StaleObjectError)


@pytest.mark.parametrize(
    ("grants_", "path"),
    [
        ((("case.fly", "tenant"),), ("input", "grants", 0, "permission")),
        ((("case.write", "team"),), ("input", "grants", 0, "reach")),
        ((("case.read", "self"),), ("input", "grants", 0, "reach")),
        ((), ("input", "grants")),
    ],
)
async def test_a_role_grants_what_exists_as_far_as_it_reaches(
    ground: Ground, grants_: Any, path: Any
) -> None:
    draft = RoleChangeDraft(role=await copied(ground), row_version=1, grants=grants_)
    error = await ground.refused("admin", change_role, draft)
    assert isinstance(error, InvalidInputError)
    assert error.path == path
    assert said(error, "fr") != said(error, "en")


async def test_nobody_hands_out_more_than_they_may(ground: Ground) -> None:
    role = await copied(ground)
    wider = RoleChangeDraft(role=role, row_version=1, grants=(("case.write", "tenant"),))
    error = await ground.refused("admin", change_role, wider)
    assert isinstance(error, PermissionNotHeldError)
    assert "case.write" in said(error, "en")
    assert "case.write" in said(error, "fr")
    held = RoleChangeDraft(role=role, row_version=1, grants=(("member.manage", "tenant"),))
    await ground.do("admin", change_role, held)
    await ground.do("admin", set_member_roles, MemberRolesDraft(
        member=ground.tenancy["reader"].actor.id, row_version=1, roles=("reader",),
        own_roles=(role,),
    ))  # fmt: skip
    clerk = await again(ground, "reader")
    for roles in (("admin",), ("supervisor",)):
        invite = InviteDraft(email="x@y.example", display_name="X", roles=roles)
        error = await ground.refused(clerk, invite_member, invite)
        assert isinstance(error, PermissionNotHeldError), roles
        given = MemberRolesDraft(
            member=ground.tenancy["team_member"].actor.id, row_version=1, roles=roles
        )
        error = await ground.refused(clerk, set_member_roles, given)
        assert isinstance(error, PermissionNotHeldError), roles
    await ground.do(clerk, invite_member, replace(invite, roles=("reader",)))


async def test_nobody_changes_their_own_roles(ground: Ground) -> None:
    admin = ground.tenancy["admin"].actor.id
    draft = MemberRolesDraft(member=admin, row_version=1, roles=("admin", "supervisor"))
    error = await ground.refused("admin", set_member_roles, draft)
    assert error.path == ("input", "memberId")


async def test_the_last_admin_stays_one(ground: Ground) -> None:
    role = await copied(ground)
    await ground.do("admin", change_role, RoleChangeDraft(
        role=role, row_version=1, grants=(("member.manage", "tenant"),),
    ))  # fmt: skip
    clerk = acting(
        ground.tenancy["reader"],
        permissions={
            **ground.tenancy["reader"].permissions,
            **grants([], [{"member.manage": "tenant"}]),
        },
    )
    admin = ground.tenancy["admin"].actor.id
    for use_case, draft in (
        (set_member_roles, MemberRolesDraft(member=admin, row_version=1, roles=("reader",))),
        (end_membership, EndDraft(member=admin, row_version=1)),
    ):
        error = await ground.refused(clerk, use_case, draft)
        assert isinstance(error, LastAdminError)
        assert said(error, "fr") != said(error, "en")
    slug = ground.tenancy.slug
    draft = InviteDraft(email=f"admin@{slug}.example", display_name="Ada", roles=("reader",))
    scope = ground.tenancy["admin"]
    invited = await perform(ground.engine, scope, "test", invite_member, draft)
    code = invited.once["code"]
    joining = await accept_scope(ground.engine, ground.cluster.keys, scope.host, code, "fr")
    error = await ground.refused(joining, accept_invitation, AcceptDraft(code=code))
    assert isinstance(error, LastAdminError)


async def test_two_admins_do_not_demote_each_other_at_once(ground: Ground) -> None:
    first, second = ground.tenancy["admin"], await ground.hire("admin")
    begun = asyncio.Event()

    def demoting(whom: Scope) -> MemberRolesDraft:
        return MemberRolesDraft(member=whom.actor.id, row_version=1, roles=("reader",))

    async def meanwhile() -> None:
        await begun.wait()
        await perform(ground.engine, second, "test", set_member_roles, demoting(first))

    other = asyncio.create_task(meanwhile())
    async with unit_of_work(ground.engine, first, "test") as uow:
        await set_member_roles(uow, demoting(second))
        begun.set()
        await asyncio.wait({other}, timeout=1.0)
    with pytest.raises(LastAdminError):
        await other
    left = await ground.rows("SELECT count(*) AS n FROM core.members WHERE 'admin' = ANY (roles)")
    assert left[0]["n"] == 1


async def test_a_volunteer_has_a_named_supervisor(ground: Ground) -> None:
    invite = InviteDraft(email="v@w.example", display_name="Val", roles=("volunteer",))
    error = await ground.refused("admin", invite_member, invite)
    assert error.path == ("input", "supervisorId")
    assert "bénévole" in said(error, "fr")
    for role in ("volunteer", "person"):
        boss = replace(invite, supervisor=ground.tenancy[role].actor.id)
        assert (await ground.refused("admin", invite_member, boss)).path[-1] == "supervisorId"
    both = replace(invite, roles=("volunteer", "reader"))
    assert (await ground.refused("admin", invite_member, both)).path == ("input", "roles")
    volunteer, boss = ground.tenancy["volunteer"], ground.tenancy["supervisor"].actor.id
    none = ProfileDraft(member=volunteer.actor.id, row_version=1, languages=())
    assert (await ground.refused("admin", set_profile, none)).path[-1] == "supervisorId"
    leaving = EndDraft(member=boss, row_version=1)
    error = await ground.refused("admin", end_membership, leaving)
    assert error.path == ("input", "memberId")
    with pytest.raises(Exception, match="members_volunteer_supervised"):
        await ground.rows(
            "UPDATE core.members SET supervisor_id = NULL WHERE 'volunteer' = ANY (roles)"
            " RETURNING id"
        )
