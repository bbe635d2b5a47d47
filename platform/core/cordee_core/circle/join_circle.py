"""The circle of a case: somebody joins it in a role, and leaves it; closing ends it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.cases.consequences import Move
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.circle.queries import end_circle, in_circle
from cordee_core.circle.tables import CircleMember
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.members.tables import Member
from cordee_core.people.disclosure import LEVELS
from cordee_core.people.protect_person import take_access
from cordee_core.people.queries import set_access
from cordee_core.people.tables import Person
from cordee_core.validation import maybe_text, need_end, need_one_of, need_past, need_text, problem

KINDS = (
    *("member", "relative", "professional", "volunteer", "peer", "neighbour", "association"),
    "other",
)
ENDING = ("closed", "refused", "transferred", "merged")
"""The stages in which a case has no circle any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleDraft:
    """Who joins: a member, a registered person or somebody by name; one of the three.

    `access` is how much of the person a member of the organisation may see through the case;
    others see nothing here. `reach` says how somebody from outside is reached.
    """

    case: UUID
    kind: str
    role: str
    starts_on: date
    member: UUID | None = None
    person: UUID | None = None
    name: str | None = None
    organisation: str | None = None
    reach: str | None = None
    access: str = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleEndDraft:
    """The day on which somebody left, and why; `row_version` is the row's as it was read."""

    circle_member: UUID
    row_version: int
    ends_on: date
    reason: str


async def join_circle(uow: UnitOfWork, draft: CircleDraft) -> Changed:
    """Put somebody into the circle of a case; a member gets access to the person's record.

    Raises:
        InvalidInputError: it is nobody or several, a member is in it already, somebody from
            outside is given access, or the case has ended.
        NotFoundError: there is no such case, member or person.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = await find(Case, draft.case, lock=True)
    if case["stage"] in ENDING:
        raise problem(("input", "caseId"), "the case has ended", "le suivi est terminé")
    name = await _somebody(draft)
    access = need_one_of(draft.access, LEVELS, "input", "access")
    if draft.member is None and access != "none":
        raise problem(
            ("input", "access"),
            "only a member of the organisation can be given access here",
            "seul un membre de l'organisation peut recevoir un accès ici",
        )
    identifier = await _written(scope, draft, access)
    if draft.member is not None and access != "none" and case["person_id"] is not None:
        await set_access(
            scope.tenant, draft.member, case["person_id"], "circle", access, None, scope.clock(),
            scope.actor.id,
        )  # fmt: skip
    await add_entry(
        scope, draft.case, "circle_joined", params={"name": name, "role": draft.role.strip()}
    )
    uow.touched("CircleMember", identifier, person=case["person_id"])
    return {"case": draft.case, "circle_member": identifier}


async def _written(scope: Scope, draft: CircleDraft, access: str) -> UUID:
    """Write the place in the circle; return its id."""
    identifier = scope.new_id()
    await insert(
        CircleMember(
            tenant_id=scope.tenant, id=identifier, case_id=draft.case,
            kind=need_one_of(draft.kind, KINDS, "input", "kind"), member_id=draft.member,
            person_id=draft.person, name=maybe_text(draft.name, "input", "name"),
            organisation=maybe_text(draft.organisation, "input", "organisation"),
            role=need_text(draft.role, "input", "role"),
            reach=maybe_text(draft.reach, "input", "reach", longest=500), access=access,
            starts_on=need_past(draft.starts_on, scope.clock().date(), "input", "startsOn"),
            added_by=scope.actor.id, added_at=scope.clock(),
        )
    )  # fmt: skip
    return identifier


async def leave_circle(uow: UnitOfWork, draft: CircleEndDraft) -> Changed:
    """End somebody's place in the circle, and the access that came with it.

    Raises:
        InvalidInputError: it ended before, or the day is before its beginning or lies ahead.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such row.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    row = await find(CircleMember, draft.circle_member, lock=True)
    case = await find(Case, row["case_id"])
    path = ("input", "endsOn")
    need_past(draft.ends_on, scope.clock().date(), *path)
    need_end(row["starts_on"], row["ends_on"], draft.ends_on, *path)
    reason = need_text(draft.reason, "input", "reason", longest=500)
    values = {"ends_on": draft.ends_on, "end_reason": reason}
    await change(CircleMember, draft.circle_member, draft.row_version, values)
    if row["member_id"] is not None and case["person_id"] is not None:
        await take_access(scope, case["person_id"], row["member_id"], "circle")
    await add_entry(scope, row["case_id"], "circle_left", params={"role": row["role"]})
    uow.touched("CircleMember", draft.circle_member, person=case["person_id"], fields=values)
    return {"case": row["case_id"], "circle_member": draft.circle_member}


async def end_with_case(uow: UnitOfWork, move: Move) -> None:
    """End the circle and its access on the day the case ends (a consequence of the move)."""
    if move.target not in ENDING:
        return
    case: Found = move.case
    members = await end_circle(
        uow.scope.tenant, case["id"], move.moment.date(), f"case_{move.target}"
    )
    for member in members:
        if case["person_id"] is not None:
            await take_access(uow.scope, case["person_id"], member, "circle")


async def _somebody(draft: CircleDraft) -> str:
    """Return how whoever joins is called in the timeline."""
    path = ("input", "memberId")
    given = [one for one in (draft.member, draft.person, draft.name) if one is not None]
    if len(given) != 1:
        raise problem(
            path,
            "name a member, a registered person or somebody by name, one of the three",
            "indiquez un membre, une personne enregistrée ou un nom, un seul des trois",
        )
    if (draft.kind == "member") != (draft.member is not None):
        raise problem(
            ("input", "kind"),
            "`MEMBER` is for members of the organisation, and only for them",
            "`MEMBER` est pour les membres de l'organisation, et pour eux seuls",
        )
    if draft.member is not None:
        member = await find(Member, draft.member)
        if member["status"] != "active":
            raise problem(path, "this member has left", "ce membre est parti")
        if await in_circle(draft.case, draft.member):
            raise problem(
                path, "this member is in the circle already", "ce membre est déjà dans le cercle"
            )
        return str(member["display_name"])
    if draft.person is not None:
        person = await find(Person, draft.person)
        return str(person["number"])
    return need_text(draft.name, "input", "name")
