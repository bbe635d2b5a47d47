"""A referral goes its way: sent, received, accepted or declined."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from cordee_core.authorisations.programme_guards import refuse_unguarded
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import TransitionBlockedError
from cordee_core.languages import LANGUAGES, say
from cordee_core.referrals.states import STEPS, Step
from cordee_core.referrals.tables import Referral, ReferralEvent
from cordee_core.services.tables import Service
from cordee_core.tallies.queries import count_on
from cordee_core.validation import need_text


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferralMove:
    """The referral as it was read; a refusal gives its reason."""

    referral: UUID
    row_version: int
    reason: str | None = None


def mover(name: str) -> Callable[[UnitOfWork, ReferralMove], Awaitable[Changed]]:
    """Return the use case of one step of `STEPS`.

    It raises TransitionBlockedError in another state, StaleObjectError after another change,
    NotFoundError without such a referral, InvalidInputError for a refusal without a reason.
    """
    step = STEPS[name]

    async def move(uow: UnitOfWork, draft: ReferralMove) -> Changed:
        uow.scope.require(step.permission)
        row = await find(Referral, draft.referral, lock=True)
        if row["state"] != step.start:
            raise TransitionBlockedError(
                codes=["referral_state"],
                objections={
                    lang: say("objections", "referral_state", lang,
                              state=say("words", f"referral_{row['state']}", lang))
                    for lang in LANGUAGES
                },
            )  # fmt: skip
        case = await find(Case, row["case_id"])
        if name in ("send", "accept"):
            await refuse_unguarded(uow.scope, case, row["service_id"], name)
        await _apply(uow, step, row, case, draft)
        return {"referral": draft.referral, "case": row["case_id"]}

    return move


async def _apply(uow: UnitOfWork, step: Step, row: Found, case: Found, draft: ReferralMove) -> None:
    scope = uow.scope
    declined = step.end == "declined"
    reason = need_text(draft.reason, "input", "reason", longest=2000) if declined else None
    values = {"state": step.end} | ({"decline_reason": reason} if declined else {})
    await change(Referral, draft.referral, draft.row_version, values)
    await insert(
        ReferralEvent(
            tenant_id=scope.tenant, id=scope.new_id(), referral_id=draft.referral,
            from_state=step.start, to_state=step.end, at=scope.clock(), member_id=scope.actor.id,
            reason=reason,
        )
    )  # fmt: skip
    tally = {("referral_state", step.start): -1, ("referral_state", step.end): 1}
    await count_on(scope.tenant, tally)
    service = await find(Service, row["service_id"])
    params = {"service": service["name"], "reason": reason}
    await add_entry(scope, row["case_id"], f"referral_{step.end}", params=params)
    uow.touched("Referral", draft.referral, person=case["person_id"], fields=values)
    if step.end == "sent":
        uow.emit("cordee_case_referred", case=row["case_id"], referral=draft.referral)


send_referral = mover("send")
receive_referral = mover("receive")
accept_referral = mover("accept")
decline_referral = mover("decline")
