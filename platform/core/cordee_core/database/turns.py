"""Writers of one thing that no row stands for take turns."""

from uuid import UUID

from cordee_core.database.engine import fetch


async def take_turn(tenant: UUID, what: str) -> None:
    """Wait until no other transaction of the tenant holds `what`, and hold it to the end."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{tenant}|{what}")
