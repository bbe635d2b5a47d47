"""A member renews the token: a new one, and a short overlap with the one that was used."""

from datetime import timedelta

from cordee_core.access.queries import issue_token, revoke_token
from cordee_core.access.tokens import TOKEN_PREFIX, TOKEN_TERM, digest, new_secret
from cordee_core.database.unit_of_work import Changed, UnitOfWork

OVERLAP = timedelta(minutes=5)
"""How long the former token still holds: requests under way, or an answer that got lost."""


async def renew_token(uow: UnitOfWork, token: str) -> Changed:
    """Put a new token of the membership into ``uow.once["token"]``; the former soon ends."""
    scope, moment = uow.scope, uow.scope.clock()
    fresh, stored = new_secret(TOKEN_PREFIX)
    await issue_token(stored, scope.actor.id, moment + TOKEN_TERM)
    await revoke_token(digest(token), moment + OVERLAP)
    uow.once["token"] = fresh
    uow.touched("Member", scope.actor.id)
    return {"member": scope.actor.id}
