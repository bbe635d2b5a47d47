"""A referral is prepared: a request of a case to a service of the catalog."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.authorisations.programme_guards import refuse_unguarded
from cordee_core.cases.lifecycle import ENDED
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import TransitionBlockedError
from cordee_core.languages import catalogue
from cordee_core.referrals.tables import Referral, ReferralEvent
from cordee_core.services.tables import Service
from cordee_core.tallies.queries import count_on
from cordee_core.validation import need_text


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferralDraft:
    """The case, the service, and what is asked of it."""

    case: UUID
    service: UUID
    reason: str


async def create_referral(uow: UnitOfWork, draft: ReferralDraft) -> Changed:
    """Prepare the referral; nobody is told before it is sent.

    Raises:
        TransitionBlockedError: the case is no longer open, or the service not offered.
        NotFoundError: there is no such case or service.
        InvalidInputError: the reason is missing.
    """
    scope = uow.scope
    scope.require(Permission.REFERRAL_SEND)
    case = await find(Case, draft.case)
    service = await find(Service, draft.service)
    reason = need_text(draft.reason, "input", "reason", longest=5000)
    for blocked, code in (
        (case["stage"] in ENDED, "case_closed"),
        (not service["active"], "service_inactive"),
    ):
        if blocked:
            raise TransitionBlockedError(codes=[code], objections=catalogue("objections")[code])
    await refuse_unguarded(scope, case, draft.service, "create")
    referral = scope.new_id()
    await insert(
        Referral(
            tenant_id=scope.tenant, id=referral, case_id=draft.case, service_id=draft.service,
            state="draft", reason=reason, created_at=scope.clock(), created_by=scope.actor.id,
        )
    )  # fmt: skip
    await insert(
        ReferralEvent(
            tenant_id=scope.tenant, id=scope.new_id(), referral_id=referral, to_state="draft",
            at=scope.clock(), member_id=scope.actor.id,
        )
    )  # fmt: skip
    await count_on(scope.tenant, {("referral_state", "draft"): 1})
    await add_entry(scope, draft.case, "referral_created", params={"service": service["name"]})
    uow.touched("Referral", referral, person=case["person_id"])
    return {"referral": referral, "case": draft.case}
