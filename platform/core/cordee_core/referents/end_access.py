"""A case ends: what its referent could read of a protected person ends with it."""

from cordee_core.cases.consequences import Move
from cordee_core.cases.lifecycle import ENDED
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.people.protect_person import take_access
from cordee_core.people.queries import leading_members


async def end_access(uow: UnitOfWork, move: Move) -> None:
    """Take the referent's access where the case went to an end and they lead no other one."""
    person, former = move.case["person_id"], move.case["referent_id"]
    if move.target not in ENDED or person is None or former is None:
        return
    if move.case["protected"] and former not in await leading_members(person):
        await take_access(uow.scope, person, former, "referent")
