-- Journal, outbox, dead letters, idempotency keys, leases.

CREATE TABLE core.journal_entries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('write', 'read', 'denied', 'login')),
    action text NOT NULL,
    member_id uuid,
    plugin text,
    purpose text NOT NULL,
    subjects uuid[] NOT NULL DEFAULT '{}',
    records jsonb NOT NULL DEFAULT '[]',
    fields text[] NOT NULL DEFAULT '{}',
    code text,
    request_id text,
    PRIMARY KEY (tenant_id, id)
);
SELECT ctx.secure('core.journal_entries', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.outbox (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    event text NOT NULL,
    consumer text NOT NULL,
    queue text NOT NULL CHECK (queue IN ('default', 'events', 'heavy')),
    case_id uuid,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    sent_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    done_at timestamptz,
    parked_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
SELECT ctx.secure('core.outbox', 'outbox');
CREATE INDEX outbox_due_idx ON core.outbox (due_at) WHERE done_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_case_idx ON core.outbox (tenant_id, case_id, consumer, id)
    WHERE done_at IS NULL AND parked_at IS NULL;
GRANT SELECT (tenant_id, id, queue, due_at, sent_at, done_at, parked_at), UPDATE (sent_at, due_at)
    ON core.outbox TO cordee_relay;

CREATE TABLE core.dead_letters (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    outbox_id uuid NOT NULL,
    code text NOT NULL,
    attempts integer NOT NULL,
    parked_at timestamptz NOT NULL,
    settled_at timestamptz,
    settled_by uuid,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT dead_letters_once UNIQUE (tenant_id, outbox_id),
    FOREIGN KEY (tenant_id, outbox_id) REFERENCES core.outbox (tenant_id, id)
);
SELECT ctx.secure('core.dead_letters', 'tenant');

CREATE TABLE core.idempotency_keys (
    tenant_id uuid NOT NULL,
    member_id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    response_key text NOT NULL,
    body_hash bytea NOT NULL CHECK (length(body_hash) = 32),
    result jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, member_id, key, response_key)
);
SELECT ctx.secure('core.idempotency_keys', 'outbox', 'SELECT, INSERT');
CREATE INDEX idempotency_keys_age_idx ON core.idempotency_keys (created_at);
GRANT SELECT (tenant_id, created_at), DELETE ON core.idempotency_keys TO cordee_relay;

CREATE TABLE core.leases (
    name text PRIMARY KEY,
    holder text NOT NULL,
    fencing_token bigint NOT NULL,
    expires_at timestamptz NOT NULL
);
SELECT ctx.secure('core.leases', 'global');
GRANT SELECT, INSERT, UPDATE ON core.leases TO cordee_relay;
