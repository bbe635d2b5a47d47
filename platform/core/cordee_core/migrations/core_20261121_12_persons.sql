-- What is known of a person beside the record itself: identifiers, search tokens, changes, merges;
-- and what a tenant defines for all of its persons.

CREATE TABLE core.identifier_kinds (
    tenant_id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_-]{1,60}$'),
    title jsonb NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, code)
);
SELECT ctx.secure('core.identifier_kinds', 'tenant');

CREATE TABLE core.person_fields (
    tenant_id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_-]{1,60}$'),
    place integer NOT NULL,
    definition jsonb NOT NULL,
    active boolean NOT NULL DEFAULT true,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, code)
);
SELECT ctx.secure('core.person_fields', 'tenant');

-- Unique among persons that are not protected: a refusal must not tell that a hidden one has it.
CREATE TABLE core.person_identifiers (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    protected boolean NOT NULL DEFAULT false,
    kind text NOT NULL,
    system text NOT NULL DEFAULT '',
    value text NOT NULL,
    added_at timestamptz NOT NULL,
    added_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE
);
SELECT ctx.secure('core.person_identifiers', 'personal', 'SELECT, INSERT, UPDATE, DELETE');
CREATE UNIQUE INDEX person_identifiers_once ON core.person_identifiers (tenant_id, kind, system, value)
    WHERE NOT protected;
CREATE UNIQUE INDEX person_identifiers_each
    ON core.person_identifiers (tenant_id, person_id, kind, system);

-- Folded words of names, birth dates, numbers: protected and merged persons have none here.
CREATE TABLE core.person_tokens (
    tenant_id uuid NOT NULL,
    token text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL,
    weight smallint NOT NULL,
    PRIMARY KEY (tenant_id, token, person_id) INCLUDE (weight),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id)
);
SELECT ctx.secure('core.person_tokens', 'tenant', 'SELECT, INSERT, DELETE');
CREATE INDEX person_tokens_person_idx ON core.person_tokens (tenant_id, person_id, token) INCLUDE (weight);

CREATE TABLE core.person_changes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    protected boolean NOT NULL DEFAULT false,
    kind text NOT NULL CHECK (kind IN ('registered', 'updated', 'identifier_added',
        'identifier_removed', 'protected', 'access_granted', 'access_ended', 'merged', 'unmerged')),
    fields text[] NOT NULL DEFAULT '{}',
    reason text,
    changed_at timestamptz NOT NULL,
    changed_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE
);
SELECT ctx.secure('core.person_changes', 'personal', 'SELECT, INSERT');
CREATE INDEX person_changes_person_idx ON core.person_changes (tenant_id, person_id, id);

-- A merge keeps what it moved, row by row, so that it can be undone exactly.
CREATE TABLE core.person_merges (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    protected boolean NOT NULL DEFAULT false,
    target_id uuid NOT NULL,
    reason text NOT NULL,
    moved jsonb NOT NULL,
    merged_at timestamptz NOT NULL,
    merged_by uuid NOT NULL,
    unmerged_at timestamptz,
    unmerged_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    FOREIGN KEY (tenant_id, target_id) REFERENCES core.persons (tenant_id, id)
);
SELECT ctx.secure('core.person_merges', 'personal');
CREATE UNIQUE INDEX person_merges_once ON core.person_merges (tenant_id, person_id)
    WHERE unmerged_at IS NULL;
CREATE INDEX person_merges_target_idx ON core.person_merges (tenant_id, target_id);

CREATE INDEX cases_person_idx ON core.cases (tenant_id, person_id);
CREATE INDEX persons_listed_idx ON core.persons (tenant_id, protected, merged, id);
