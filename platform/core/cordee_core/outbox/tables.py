"""Tables of what happens after the commit."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Integer, Text, Timestamptz

from cordee_core.database.tables import GlobalTable, OutboxKeyedTable, OutboxTable, TenantTable


class OutboxMessage(
    OutboxTable,
    tablename="outbox",
    relay="SELECT (tenant_id, id, queue, due_at, sent_at, done_at, parked_at),"
    " UPDATE (sent_at, due_at)",
):
    """One event for one consumer."""

    event = Text(default=None)
    consumer = Text(default=None)
    queue = Text(default=None)
    case_id = UUID(default=None, null=True)
    payload = JSONB(default=None)
    created_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    sent_at = Timestamptz(default=None, null=True)
    attempts = Integer(default=0)
    done_at = Timestamptz(default=None, null=True)
    parked_at = Timestamptz(default=None, null=True)


class DeadLetter(TenantTable, tablename="dead_letters"):
    """A message that failed too often; a person must settle it."""

    outbox_id = UUID(default=None)
    code = Text(default=None)
    attempts = Integer(default=None)
    parked_at = Timestamptz(default=None)
    settled_at = Timestamptz(default=None, null=True)
    settled_by = UUID(default=None, null=True)


class StoredKey(
    OutboxKeyedTable,
    tablename="idempotency_keys",
    rights="SELECT, INSERT",
    relay="SELECT (tenant_id, created_at), DELETE",
):
    """What was done under an idempotency key."""

    member_id = UUID(default=None)
    key = Text(default=None)
    response_key = Text(default=None)
    body_hash = Bytea(default=None)
    result = JSONB(default=None)
    created_at = Timestamptz(default=None)


class Lease(GlobalTable, tablename="leases", relay="SELECT, INSERT, UPDATE"):
    """Who leads, with a token that grows."""

    name = Text(primary_key=True, default=None)
    holder = Text(default=None)
    fencing_token = BigInt(default=None)
    expires_at = Timestamptz(default=None)
