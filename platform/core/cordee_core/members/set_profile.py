"""What a member brings: languages, and who supervises them."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import change, find
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.members.tables import Member
from cordee_core.validation import need_language, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileDraft:
    """The member as read, the languages spoken, the best first, and the supervisor."""

    member: UUID
    row_version: int
    languages: tuple[str, ...]
    supervisor: UUID | None = None


async def set_profile(uow: UnitOfWork, draft: ProfileDraft) -> Changed:
    """Write languages and supervisor of a member.

    Raises:
        InvalidInputError: a language is no code, or the supervisor does not fit.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such member.
    """
    uow.scope.require(Permission.MEMBER_MANAGE)
    member = await find(Member, draft.member, lock=True)
    languages = [
        need_language(one, "input", "languages", place) for place, one in enumerate(draft.languages)
    ]
    await check_supervisor(draft.supervisor, member["roles"], draft.member)
    values = {"languages": list(dict.fromkeys(languages)), "supervisor_id": draft.supervisor}
    await change(Member, draft.member, draft.row_version, values)
    uow.touched("Member", draft.member, fields=("languages", "supervisor"))
    return {"member": draft.member}


async def check_supervisor(
    supervisor: UUID | None, roles: list[str], member: UUID | None = None
) -> None:
    """Return if the supervisor is an active member and, for a volunteer, named at all.

    Raises:
        InvalidInputError: a volunteer has none, or it is nobody who could.
        NotFoundError: there is no such member.
    """
    path = ("input", "supervisorId")
    if supervisor is None:
        if "volunteer" in roles:
            raise problem(
                path, "a volunteer has a named supervisor", "un bénévole a un superviseur désigné"
            )
        return
    found = await find(Member, supervisor)
    if found["status"] != "active" or {"volunteer", "person"} & set(found["roles"]):
        raise problem(path, "this member can't supervise", "ce membre ne peut pas superviser")
    if supervisor == member:
        raise problem(path, "nobody supervises themselves", "on ne se supervise pas soi-même")
