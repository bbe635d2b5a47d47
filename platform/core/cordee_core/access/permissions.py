"""Permissions and the roles as shipped: each a set of permissions with a scope."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Reach(StrEnum):
    """How far a permission reaches inside a tenant, the narrowest first.

    ``self`` is the own record (of a person) or what a member wrote, ``team`` the cases that a
    member leads, shares in a team or handed over a while ago.
    """

    SELF = "self"
    TEAM = "team"
    TENANT = "tenant"


class Permission(StrEnum):
    """What a member may do. Deny is the default: a role without it can't."""

    TENANT_MANAGE = "tenant.manage"
    MEMBER_READ = "member.read"
    MEMBER_MANAGE = "member.manage"
    PLUGIN_MANAGE = "plugin.manage"
    PROGRAMME_READ = "programme.read"
    PROGRAMME_MANAGE = "programme.manage"
    SERVICE_READ = "service.read"
    SERVICE_MANAGE = "service.manage"
    PERSON_READ = "person.read"
    PERSON_WRITE = "person.write"
    PERSON_PROTECT = "person.protect"
    PERSON_MERGE = "person.merge"
    CASE_READ = "case.read"
    CASE_OPEN = "case.open"
    CASE_DECIDE = "case.decide"
    CASE_ASSIGN = "case.assign"
    CASE_WRITE = "case.write"
    CASE_MOVE = "case.move"
    PLAN_APPROVE = "plan.approve"
    PLAN_APPROVE_OWN = "plan.approve_own"
    REFERRAL_SEND = "referral.send"
    REFERRAL_RECEIVE = "referral.receive"
    REFERRAL_DECIDE = "referral.decide"
    JOURNAL_READ = "journal.read"
    CASELOAD_OVERRIDE = "caseload.override"
    REPORT_READ = "report.read"
    REPORT_WRITE = "report.write"
    SUPERVISION_MANAGE = "supervision.manage"
    ETHICS_CONSULT = "ethics.consult"
    EXPORT = "export"
    PERSON_SENSITIVE = "person.sensitive"
    VOICE_WRITE = "voice.write"


P = Permission
Grants = Mapping[Permission, Reach]

_ANYBODY = {P.MEMBER_READ, P.PROGRAMME_READ, P.SERVICE_READ}
_TEAM_MEMBER = {
    *_ANYBODY, P.PERSON_READ, P.PERSON_WRITE, P.CASE_READ, P.CASE_OPEN, P.CASE_WRITE,
    P.REFERRAL_RECEIVE, P.REPORT_READ, P.REPORT_WRITE, P.ETHICS_CONSULT, P.VOICE_WRITE,
}  # fmt: skip
_REFERENT = {
    *_TEAM_MEMBER, P.CASE_DECIDE, P.CASE_MOVE, P.REFERRAL_SEND, P.REFERRAL_DECIDE,
    P.PERSON_PROTECT, P.PERSON_SENSITIVE,
}  # fmt: skip
_SUPERVISOR = {
    *_REFERENT, P.PLAN_APPROVE, P.CASE_ASSIGN, P.PROGRAMME_MANAGE, P.SERVICE_MANAGE, P.JOURNAL_READ,
    P.EXPORT, P.CASELOAD_OVERRIDE, P.SUPERVISION_MANAGE, P.PERSON_MERGE,
}  # fmt: skip

# An administrator runs the organisation; personal records need a further role.
_ADMIN = {
    *_ANYBODY, P.TENANT_MANAGE, P.MEMBER_MANAGE, P.PLUGIN_MANAGE, P.PROGRAMME_MANAGE,
    P.SERVICE_MANAGE, P.JOURNAL_READ, P.EXPORT,
}  # fmt: skip


def _everywhere(permissions: Iterable[Permission]) -> Grants:
    return dict.fromkeys(sorted(permissions), Reach.TENANT)


ROLES: Mapping[str, Grants] = {
    "admin": _everywhere(_ADMIN),
    "supervisor": _everywhere(_SUPERVISOR),
    "referent": _everywhere(_REFERENT),
    "team_member": _everywhere(_TEAM_MEMBER),
    "reader": _everywhere({*_ANYBODY, P.PERSON_READ, P.CASE_READ, P.REPORT_READ}),
    "volunteer": {P.REPORT_READ: Reach.SELF, P.REPORT_WRITE: Reach.SELF},
    "person": {
        P.PERSON_READ: Reach.SELF,
        P.PERSON_SENSITIVE: Reach.SELF,
        P.CASE_READ: Reach.SELF,
        P.VOICE_WRITE: Reach.SELF,
        P.JOURNAL_READ: Reach.SELF,
        P.PROGRAMME_READ: Reach.TENANT,
        P.SERVICE_READ: Reach.TENANT,
    },
}
"""The roles as shipped. ``person`` is the person a case is about: own records only. A
``volunteer`` (or community worker) reads and writes own reports and visits, under a supervisor."""

REACHES: Mapping[Permission, tuple[Reach, ...]] = {
    **dict.fromkeys((P.PERSON_READ, P.CASE_READ), (Reach.TEAM, Reach.TENANT)),
    **dict.fromkeys((P.REPORT_READ, P.REPORT_WRITE), (Reach.SELF, Reach.TENANT)),
}
"""How far a tenant's own role may let a permission reach, where that is not the tenant only."""

_ORDER = tuple(Reach)


def within(reach: Reach, bound: Reach | None) -> bool:
    """Return whether `reach` goes no further than `bound`; None is nothing at all."""
    return bound is not None and _ORDER.index(reach) <= _ORDER.index(bound)


def grants(roles: Iterable[str], own: Iterable[Mapping[str, str]] = ()) -> Grants:
    """Return what `roles` and the tenant's `own` ones grant together, the wider reach winning.

    Roles that nobody ships grant nothing, nor do permissions that no longer exist.
    """
    found: dict[Permission, Reach] = {}
    for granted in (*(ROLES.get(role, {}) for role in roles), *map(read_grants, own)):
        for permission, reach in granted.items():
            if not within(reach, found.get(permission)):
                found[permission] = reach
    return found


def read_grants(stored: Mapping[str, str]) -> Grants:
    """Return the permissions of a role as it is stored, in the order of their codes."""
    known = {str(one) for one in Permission}
    return {
        Permission(name): Reach(reach) for name, reach in sorted(stored.items()) if name in known
    }
