-- Methods and vocabularies with their versions, the models of a programme, and what selection and
-- authorisation leave behind: waiting lists with every change, authorisations, departures.

CREATE TABLE core.methods (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 100),
    template_code text,
    adaptation jsonb,
    definition jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code)
);
SELECT ctx.secure('core.methods', 'tenant');

CREATE TABLE core.method_versions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    method_id uuid NOT NULL,
    version integer NOT NULL,
    definition jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, method_id, version),
    FOREIGN KEY (tenant_id, method_id) REFERENCES core.methods (tenant_id, id)
);
SELECT ctx.secure('core.method_versions', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.vocabularies (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 100),
    template_code text,
    adaptation jsonb,
    definition jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code)
);
SELECT ctx.secure('core.vocabularies', 'tenant');

CREATE TABLE core.vocabulary_versions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    vocabulary_id uuid NOT NULL,
    version integer NOT NULL,
    definition jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, vocabulary_id, version),
    FOREIGN KEY (tenant_id, vocabulary_id) REFERENCES core.vocabularies (tenant_id, id)
);
SELECT ctx.secure('core.vocabulary_versions', 'tenant', 'SELECT, INSERT');

-- Which models carry a programme out. `checked_*` are the versions that were last checked together.
CREATE TABLE core.programme_models (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    programme_id uuid NOT NULL,
    model_id uuid NOT NULL,
    added_at timestamptz NOT NULL,
    added_by uuid NOT NULL,
    ended_at timestamptz,
    checked_programme_version integer,
    checked_model_version integer,
    checked_at timestamptz,
    checked_by uuid,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, programme_id, model_id),
    FOREIGN KEY (tenant_id, programme_id) REFERENCES core.programmes (tenant_id, id),
    FOREIGN KEY (tenant_id, model_id) REFERENCES core.models (tenant_id, id),
    CHECK ((checked_at IS NULL) = (checked_programme_version IS NULL)),
    CHECK ((checked_at IS NULL) = (checked_model_version IS NULL)),
    CHECK ((checked_at IS NULL) = (checked_by IS NULL))
);
SELECT ctx.secure('core.programme_models', 'tenant');

-- Who holds a place, apart from the cases: whoever may not see a case must still count its place.
CREATE TABLE core.place_holds (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    since timestamptz NOT NULL,
    ended_at timestamptz,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, programme_id) REFERENCES core.programmes (tenant_id, id)
);
SELECT ctx.secure('core.place_holds', 'tenant');
CREATE UNIQUE INDEX place_holds_once ON core.place_holds (tenant_id, case_id);
CREATE INDEX place_holds_programme_idx
    ON core.place_holds (tenant_id, programme_id) WHERE ended_at IS NULL;

CREATE TABLE core.waiting_entries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    priority integer NOT NULL,
    since timestamptz NOT NULL,
    queue_key text COLLATE "C" NOT NULL,
    status text NOT NULL CHECK (status IN ('waiting', 'admitted', 'removed')),
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, programme_id) REFERENCES core.programmes (tenant_id, id)
);
SELECT ctx.secure('core.waiting_entries', 'tenant');
CREATE UNIQUE INDEX waiting_entries_once ON core.waiting_entries (tenant_id, case_id);
CREATE INDEX waiting_entries_order_idx
    ON core.waiting_entries (tenant_id, programme_id, queue_key) WHERE status = 'waiting';

CREATE TABLE core.waiting_changes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    entry_id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('entered', 'priority', 'admitted', 'removed')),
    priority integer NOT NULL,
    position integer,
    inputs jsonb NOT NULL,
    reason text NOT NULL CHECK (length(reason) > 0),
    at timestamptz NOT NULL,
    member_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES core.waiting_entries (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.waiting_changes', 'tenant', 'SELECT, INSERT');
CREATE INDEX waiting_changes_entry_idx ON core.waiting_changes (tenant_id, entry_id, id);

CREATE TABLE core.authorisations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    service_id uuid NOT NULL,
    decision text NOT NULL CHECK (decision IN ('granted', 'refused')),
    reason text NOT NULL CHECK (length(reason) > 0),
    role text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawal_reason text,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES core.services (tenant_id, id),
    FOREIGN KEY (tenant_id, decided_by) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, withdrawn_by) REFERENCES core.members (tenant_id, id),
    CHECK (valid_until IS NULL OR valid_until >= valid_from),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
    CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
);
SELECT ctx.secure('core.authorisations', 'tenant');
CREATE INDEX authorisations_case_idx ON core.authorisations (tenant_id, case_id, service_id);

CREATE TABLE core.method_departures (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    method text NOT NULL,
    episode text,
    departure text NOT NULL CHECK (length(departure) > 0),
    reason text NOT NULL CHECK (length(reason) > 0),
    occurred_on date NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, recorded_by) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.method_departures', 'tenant', 'SELECT, INSERT');
CREATE INDEX method_departures_case_idx ON core.method_departures (tenant_id, case_id, id);
