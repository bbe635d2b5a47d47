"""The database as operations use it."""

from typing import Any

from cordee_core.access.scope import Scope
from cordee_core.database.engine import CordeeEngine
from cordee_core.database.read_session import ReadSession
from cordee_core.database.unit_of_work import IdempotencyKey, Outcome, deny, perform
from cordee_core.errors import ForbiddenError


class Database:
    """The `Backend` of a real installation."""

    def __init__(self, engine: CordeeEngine) -> None:
        self.engine = engine

    def reading(self, scope: Scope, action: str) -> ReadSession:
        """Return a read transaction, not opened yet."""
        return ReadSession(self.engine, scope, action)

    async def perform(
        self, scope: Scope, action: str, use_case: Any, draft: Any, key: IdempotencyKey | None
    ) -> Outcome:
        """Run a use case in a transaction of its own; return what it changed, committed."""
        return await perform(self.engine, scope, action, use_case, draft, key)

    async def deny(self, scope: Scope, action: str, error: ForbiddenError) -> None:
        """Journal a denial in a transaction of its own."""
        await deny(self.engine, scope, action, error)
