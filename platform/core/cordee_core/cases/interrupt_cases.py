"""An interruption: many cases are put on hold or moved in one act, with its reason.

Cases that the act does not reach (something stands against it) are listed in it, each with why.
"""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.enter_stage import Entry, enter_stage
from cordee_core.cases.lifecycle import STAGES
from cordee_core.cases.queries import lock_cases
from cordee_core.cases.tables import Interruption
from cordee_core.cases.transitions import Offered, transitions_of
from cordee_core.database.rows import Found, insert, next_number
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.languages import catalogue
from cordee_core.validation import need_one_of, need_text, problem

MOST = 500
"""Cases that one act may name."""

_MASS = tuple(one for one in STAGES if one not in ("closed", "transferred", "merged", "refused"))


@dataclass(frozen=True, kw_only=True, slots=True)
class InterruptDraft:
    """The cases, the stage that they all go to (on hold, unless said), and why.

    Without a stage but `resume`, each returns to the stage that it came from.
    """

    cases: tuple[UUID, ...]
    reason: str
    stage: str = "on_hold"
    resume: bool = False


async def interrupt_cases(uow: UnitOfWork, draft: InterruptDraft) -> Changed:
    """Move the cases that nothing stands against; keep the act with the list of the others.

    Raises:
        InvalidInputError: there is no case or no reason, there are too many cases, or the stage is
            one to which each case has a way of its own.
    """
    scope = uow.scope
    scope.require(Permission.CASE_ASSIGN)
    reason = need_text(draft.reason, "input", "reason", longest=2000)
    stage = need_one_of(draft.stage, _MASS, "input", "stage")
    wanted = list(dict.fromkeys(draft.cases))
    if not 1 <= len(wanted) <= MOST:
        raise problem(
            ("input", "caseIds"),
            f"one act names between 1 and {MOST} cases",
            f"un acte nomme de 1 à {MOST} suivis",
        )
    cases = await lock_cases(wanted)
    going, missed = await _sorted(uow, cases, stage, resume=draft.resume)
    known = {case["id"] for case in cases}
    missed += [{"case": str(one), "why": [_unknown()]} for one in wanted if one not in known]
    act = scope.new_id()
    number = await next_number(scope.tenant, "interruption", scope.clock().year)
    await insert(
        Interruption(
            tenant_id=scope.tenant, id=act, number=number, reason=reason, reached=len(going),
            stage="resumed" if draft.resume else stage, not_reached=missed,
            acted_at=scope.clock(), acted_by=scope.actor.id,
        )
    )  # fmt: skip
    for case, target in going:
        await enter_stage(uow, case, Entry(target, case["row_version"], reason, act))
    uow.touched("Interruption", act)
    return {"interruption": act}


async def _sorted(
    uow: UnitOfWork, cases: list[Found], stage: str, *, resume: bool
) -> tuple[list[tuple[Found, str]], list[dict[str, object]]]:
    """Return the cases that go, each with where to, and those that something stands against."""
    offered = await _offered(uow, cases, stage, resume=resume)
    going: list[tuple[Found, str]] = []
    missed: list[dict[str, object]] = []
    for case in cases:
        target = (case["held_from"] or "on_hold") if resume else stage
        against = offered[case["id"]][target]
        if against:
            missed.append({"case": str(case["id"]), "why": [dict(one.text) for one in against]})
        else:
            going.append((case, target))
    return going, missed


async def _offered(
    uow: UnitOfWork, cases: list[Found], stage: str, *, resume: bool
) -> dict[UUID, Offered]:
    if not resume:
        return await transitions_of(uow.scope, cases, [stage])
    held = {case["held_from"] or "on_hold" for case in cases}
    return await transitions_of(uow.scope, cases, sorted(held))


def _unknown() -> dict[str, str]:
    return dict(catalogue("words")["no_such_case"])
