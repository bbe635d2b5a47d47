"""The places of a programme: taken by admission, free again when the case comes to an end."""

from uuid import UUID

from cordee_core.cases.consequences import Move
from cordee_core.cases.lifecycle import ENDED
from cordee_core.database.rows import Found, change, insert
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.programmes.definition import parse_draft
from cordee_core.programmes.queries import current_version
from cordee_core.selection.queries import hold_of, places_taken
from cordee_core.selection.tables import PlaceHold


async def free_places(programme: UUID) -> int | None:
    """Return how many places are free; None where the programme names no number of places."""
    version = await current_version(programme)
    places = None if version is None else parse_draft(version["definition"]).places
    return None if places is None else places - await places_taken(programme)


async def take_place(uow: UnitOfWork, case: Found) -> None:
    """Let the case hold a place of its programme from now on."""
    await insert(
        PlaceHold(
            tenant_id=uow.scope.tenant, id=uow.scope.new_id(), case_id=case["id"],
            programme_id=case["programme_id"], since=uow.scope.clock(),
        )
    )  # fmt: skip


async def follow_case(uow: UnitOfWork, move: Move) -> None:
    """Free the place of a case that comes to an end; one that is reopened holds it again."""
    hold = await hold_of(move.case["id"])
    ended = move.target in ENDED
    if hold is None or ended == (hold["ended_at"] is not None):
        return
    values = {"ended_at": move.moment if ended else None}
    await change(PlaceHold, hold["id"], hold["row_version"], values)
