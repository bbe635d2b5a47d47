"""Permissions and the roles as shipped: each a set of permissions with a scope."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Reach(StrEnum):
    """How far a permission reaches inside a tenant."""

    SELF = "self"
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
    CASE_READ = "case.read"
    CASE_OPEN = "case.open"
    CASE_DECIDE = "case.decide"
    CASE_ASSIGN = "case.assign"
    CASE_WRITE = "case.write"
    CASE_MOVE = "case.move"
    REFERRAL_SEND = "referral.send"
    REFERRAL_RECEIVE = "referral.receive"
    REFERRAL_DECIDE = "referral.decide"
    JOURNAL_READ = "journal.read"


P = Permission
Grants = Mapping[Permission, Reach]

_ANYBODY = {P.MEMBER_READ, P.PROGRAMME_READ, P.SERVICE_READ}
_TEAM_MEMBER = {
    *_ANYBODY, P.PERSON_READ, P.PERSON_WRITE, P.CASE_READ, P.CASE_OPEN, P.CASE_WRITE,
    P.REFERRAL_RECEIVE,
}  # fmt: skip
_REFERENT = {*_TEAM_MEMBER, P.CASE_DECIDE, P.CASE_MOVE, P.REFERRAL_SEND, P.REFERRAL_DECIDE}
_SUPERVISOR = {*_REFERENT, P.CASE_ASSIGN, P.PROGRAMME_MANAGE, P.SERVICE_MANAGE, P.JOURNAL_READ}

# An administrator runs the organisation; personal records need a further role.
_ADMIN = {
    *_ANYBODY, P.TENANT_MANAGE, P.MEMBER_MANAGE, P.PLUGIN_MANAGE, P.PROGRAMME_MANAGE,
    P.SERVICE_MANAGE, P.JOURNAL_READ,
}  # fmt: skip


def _everywhere(permissions: Iterable[Permission]) -> Grants:
    return dict.fromkeys(sorted(permissions), Reach.TENANT)


ROLES: Mapping[str, Grants] = {
    "admin": _everywhere(_ADMIN),
    "supervisor": _everywhere(_SUPERVISOR),
    "referent": _everywhere(_REFERENT),
    "team_member": _everywhere(_TEAM_MEMBER),
    "reader": _everywhere({*_ANYBODY, P.PERSON_READ, P.CASE_READ}),
    "person": {
        P.PERSON_READ: Reach.SELF,
        P.CASE_READ: Reach.SELF,
        P.PROGRAMME_READ: Reach.TENANT,
        P.SERVICE_READ: Reach.TENANT,
    },
}
"""The six roles as shipped. ``person`` is the person a case is about: own records only."""


def grants(roles: Iterable[str]) -> Grants:
    """Return what `roles` grant together, the wider reach winning; unknown roles grant nothing."""
    found: dict[Permission, Reach] = {}
    for role in roles:
        for permission, reach in ROLES.get(role, {}).items():
            if found.get(permission) is not Reach.TENANT:
                found[permission] = reach
    return found
