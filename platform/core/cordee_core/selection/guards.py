"""No assessment for a case that waits for a place, or was taken off the waiting list."""

from collections.abc import Iterable, Sequence

from cordee_core.cases.guards import against
from cordee_core.contracts import Objection, TransitionRequest
from cordee_core.markers import hookimpl
from cordee_core.selection.queries import statuses_of

_AGAINST = {"waiting": "waiting_for_place", "removed": "waiting_removed"}


class WaitingGuard:
    """Places are respected: admission beyond them waits."""

    @hookimpl
    async def cordee_check_transitions(
        self, requests: Sequence[TransitionRequest]
    ) -> Iterable[Objection]:
        """Object to each case at intake that has no place yet."""
        asked = [one for one in requests if one.source == "intake" and one.target == "assessment"]
        statuses = await statuses_of({one.case.id for one in asked})
        found = []
        for request in asked:
            code = _AGAINST.get(statuses.get(request.case.id, ""))
            if code is not None:
                found.append(against(request, code))
        return found
