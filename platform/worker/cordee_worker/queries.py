"""SQL of relay and scheduler: ids and times of all tenants, and who leads. No content."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from cordee_core.database.engine import CordeeEngine

# Every tenant's messages take their turns: the first of each, then the second of each. Messages
# under way count, so that a tenant with a long backlog never fills the queues for the others.
_TAKE = """
WITH due AS (
    SELECT tenant_id, id, coalesce(sent_at > $2, false) AS under_way,
        row_number() OVER (PARTITION BY tenant_id
            ORDER BY coalesce(sent_at > $2, false) DESC, id) AS turn
    FROM core.outbox WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= $1
), chosen AS (
    SELECT tenant_id, id, turn FROM due WHERE NOT under_way AND turn <= $3
    ORDER BY turn, id LIMIT $4
), locked AS (
    SELECT o.tenant_id, o.id, c.turn FROM core.outbox o
    JOIN chosen c ON c.tenant_id = o.tenant_id AND c.id = o.id
    WHERE o.done_at IS NULL AND o.parked_at IS NULL AND (o.sent_at IS NULL OR o.sent_at <= $2)
    FOR UPDATE OF o SKIP LOCKED
)
UPDATE core.outbox o SET sent_at = $1 FROM locked l
WHERE o.tenant_id = l.tenant_id AND o.id = l.id
RETURNING o.tenant_id, o.id, o.queue, l.turn
"""

_HOLD = """
INSERT INTO core.leases AS l (name, holder, fencing_token, expires_at)
VALUES ($1, $2, 1, statement_timestamp() + $3)
ON CONFLICT (name) DO UPDATE SET holder = $2, expires_at = statement_timestamp() + $3,
    fencing_token = l.fencing_token + CASE WHEN l.holder = $2 THEN 0 ELSE 1 END
WHERE l.holder = $2 OR l.expires_at <= statement_timestamp()
RETURNING fencing_token
"""


class Due(NamedTuple):
    """A message to send: whose, which, on which queue."""

    tenant: UUID
    message: UUID
    queue: str


async def take_due(
    engine: CordeeEngine, *, moment: datetime, unanswered: datetime, per_tenant: int, most: int
) -> list[Due]:
    """Mark messages as sent and return them, the tenants taking turns.

    Taken are those that are due and were never sent, or sent before `unanswered` and not done
    since; of each tenant at most `per_tenant` are under way.
    """
    rows = await engine.fetch(_TAKE, moment, unanswered, per_tenant, most)
    rows.sort(key=lambda row: (row["turn"], row["id"]))
    return [Due(row["tenant_id"], row["id"], row["queue"]) for row in rows]


async def give_back(engine: CordeeEngine, unsent: Sequence[Due]) -> None:
    """Mark messages as not sent."""
    await engine.fetch(
        "UPDATE core.outbox o SET sent_at = NULL FROM unnest($1::uuid[], $2::uuid[]) u(tenant, id)"
        " WHERE o.tenant_id = u.tenant AND o.id = u.id",
        [one.tenant for one in unsent],
        [one.message for one in unsent],
    )


async def hold_lease(engine: CordeeEngine, name: str, holder: str, term: timedelta) -> int | None:
    """Take or prolong a lease by the database's clock; return its fencing token, None if taken."""
    rows = await engine.fetch(_HOLD, name, holder, term)
    return int(rows[0]["fencing_token"]) if rows else None


async def still_leads(engine: CordeeEngine, name: str, token: int) -> bool:
    """Tell whether `token` leads; if so, nobody else takes over before this transaction ends."""
    rows = await engine.fetch(
        "SELECT 1 FROM core.leases WHERE name = $1 AND fencing_token = $2"
        " AND expires_at > statement_timestamp() FOR SHARE",
        name, token,
    )  # fmt: skip
    return bool(rows)


async def release_lease(engine: CordeeEngine, name: str, holder: str) -> None:
    """End the lease now, so that the next leader need not wait."""
    await engine.fetch(
        "UPDATE core.leases SET expires_at = statement_timestamp()"
        " WHERE name = $1 AND holder = $2 AND expires_at > statement_timestamp()",
        name, holder,
    )  # fmt: skip


async def prune_idempotency_keys(engine: CordeeEngine, before: datetime) -> None:
    """Delete the idempotency keys made before that moment."""
    await engine.fetch("DELETE FROM core.idempotency_keys WHERE created_at < $1", before)
