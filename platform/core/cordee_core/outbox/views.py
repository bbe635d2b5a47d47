"""Turns the ids of an event into the frozen views that a hook gets, under the tenant's context."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from cordee_core.contracts import (
    AssessmentView,
    CaseView,
    ConsentView,
    MemberView,
    ObligationView,
    PersonView,
    PlanView,
    ReferralView,
    TenantView,
)
from cordee_core.database.engine import Row
from cordee_core.errors import NotFoundError
from cordee_core.outbox import queries

Ids = Mapping[str, str]
"""What an event carries: the id of each record, by the name of the hook's argument."""


_Query = Callable[[UUID, UUID], Awaitable[Row | None]]


async def load_views(tenant: UUID, arguments: tuple[str, ...], ids: Ids) -> dict[str, Any]:
    """Return a view for each of the hook's `arguments` that stands for a record.

    Raises:
        NotFoundError: a record that the event names is gone.
    """
    views: dict[str, Any] = {}
    for name in arguments:
        if name == "tenant":
            views[name] = await _view(queries.tenant_row(tenant), TenantView)
        elif name == "previous" and not ids.get(name):
            views[name] = None  # a case's first referent follows nobody
        elif name in _LOADERS:
            given, row, make = _LOADERS[name]
            views[name] = await _view(row(tenant, _id(ids, given)), make)
    return views


def _id(ids: Ids, name: str) -> UUID:
    if name not in ids:
        raise NotFoundError
    return UUID(ids[name])


async def _view(query: Awaitable[Row | None], make: Callable[..., object]) -> object:
    row = await query
    if row is None:
        raise NotFoundError
    return make(**dict(row))


def _member(**fields: Any) -> MemberView:
    return MemberView(id=fields["id"], roles=frozenset(fields["roles"]))


def _plan(**fields: Any) -> PlanView:
    return PlanView(**{**fields, "objective_codes": tuple(fields["objective_codes"])})


_LOADERS: Mapping[str, tuple[str, _Query, Callable[..., object]]] = {
    "case": ("case", queries.case_row, CaseView),
    "actor": ("case", queries.opener_of_case, _member),
    "referent": ("referent", queries.member_row, _member),
    "previous": ("previous", queries.member_row, _member),
    "person": ("consent", queries.person_of_consent, PersonView),
    "plan": ("plan", queries.plan_row, _plan),
    "obligation": ("obligation", queries.obligation_row, ObligationView),
    "assessment": ("assessment", queries.assessment_row, AssessmentView),
    "referral": ("referral", queries.referral_row, ReferralView),
    "consent": ("consent", queries.consent_row, ConsentView),
}
"""By the hook's argument: the id of the event that leads to it, how it is read, what it becomes."""
