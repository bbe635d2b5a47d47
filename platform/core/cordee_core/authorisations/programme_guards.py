"""What a programme's type asks of referrals: prior authorisation, the referent as gatekeeper."""

from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.authorisations.queries import is_authorised
from cordee_core.database.rows import Found, find
from cordee_core.errors import TransitionBlockedError
from cordee_core.languages import catalogue
from cordee_core.programmes.definition import parse_draft
from cordee_core.programmes.tables import ProgrammeVersion


async def refuse_unguarded(scope: Scope, case: Found, service: UUID, act: str) -> None:
    """Return where the case's programme lets the caller do `act` on a referral to the service.

    `act` is ``create``, ``send`` or ``accept``: a gatekeeper's programme is referred from by the
    referent only; one with prior authorisation asks for it before the service is asked or given.

    Raises:
        TransitionBlockedError: it does not.
    """
    version = await find(ProgrammeVersion, case["programme_version_id"])
    kind = parse_draft(version["definition"]).type
    if kind == "gatekeeper" and act != "accept" and scope.actor.id != case["referent_id"]:
        raise _blocked("gatekeeper")
    if (
        kind == "prior_authorisation"
        and act != "create"
        and not await is_authorised(case["id"], service, scope.clock().date())
    ):
        raise _blocked("not_authorised")


def _blocked(code: str) -> TransitionBlockedError:
    return TransitionBlockedError(codes=[code], objections=catalogue("objections")[code])
