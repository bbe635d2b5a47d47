-- Tenants, their plan, members, teams, invitations, enabled plugins; the rows that share a case.

CREATE TABLE core.plans (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{1,30}$'),
    title jsonb NOT NULL,
    member_limit integer NOT NULL CHECK (member_limit > 0),
    active_case_limit integer NOT NULL CHECK (active_case_limit > 0)
);
SELECT ctx.secure('core.plans', 'reference');
INSERT INTO core.plans (code, title, member_limit, active_case_limit) VALUES
    ('starter', '{"en": "Starter", "fr": "Découverte"}', 5, 100),
    ('standard', '{"en": "Standard", "fr": "Standard"}', 100, 10000);

CREATE TABLE core.tenants (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL CHECK (id = tenant_id),
    slug text NOT NULL CHECK (slug ~ '^[a-z][a-z0-9-]{1,38}[a-z0-9]$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    plan_code text NOT NULL REFERENCES core.plans (code),
    language text NOT NULL CHECK (language IN ('en', 'fr')),
    time_zone text NOT NULL DEFAULT 'Europe/Paris',
    created_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT ctx.secure('core.tenants', 'tenant');

CREATE TABLE core.counters (
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    value bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, name)
);
SELECT ctx.secure('core.counters', 'tenant');

CREATE TABLE core.persons (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    family_name text NOT NULL CHECK (length(family_name) BETWEEN 1 AND 200),
    given_names text NOT NULL DEFAULT '' CHECK (length(given_names) <= 200),
    birth_date date,
    birth_date_precision text NOT NULL
        CHECK (birth_date_precision IN ('day', 'month', 'year', 'unknown', 'refused')),
    sex text NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown', 'refused')),
    languages text[] NOT NULL DEFAULT '{}',
    interpreter_needed boolean NOT NULL DEFAULT false,
    phone text,
    email text,
    safe_contact text,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    CHECK ((birth_date IS NULL) = (birth_date_precision IN ('unknown', 'refused')))
);
SELECT ctx.secure('core.persons', 'tenant');

CREATE TABLE core.members (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 200),
    email text NOT NULL,
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    person_id uuid,
    language text CHECK (language IN ('en', 'fr')),
    status text NOT NULL CHECK (status IN ('active', 'left')),
    created_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id),
    FOREIGN KEY (tenant_id, tenant_id) REFERENCES core.tenants (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id),
    CHECK (('person' = ANY (roles)) = (person_id IS NOT NULL))
);
SELECT ctx.secure('core.members', 'tenant');

CREATE TABLE core.invitations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    display_name text NOT NULL,
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    person_id uuid,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    member_id uuid,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.invitations', 'tenant');

CREATE TABLE core.teams (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
SELECT ctx.secure('core.teams', 'tenant');

CREATE TABLE core.team_members (
    tenant_id uuid NOT NULL,
    team_id uuid NOT NULL,
    member_id uuid NOT NULL,
    joined_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, team_id, member_id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES core.teams (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.team_members', 'tenant', 'SELECT, INSERT, DELETE');

CREATE TABLE core.tenant_plugins (
    tenant_id uuid NOT NULL,
    plugin text NOT NULL CHECK (plugin ~ '^[a-z][a-z0-9_]{1,30}$'),
    enabled boolean NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, plugin),
    FOREIGN KEY (tenant_id, changed_by) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.tenant_plugins', 'tenant');

CREATE TABLE core.shares (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (recipient_id <> tenant_id),
    CHECK (ends_at > starts_at)
);
-- No INSERT for the application: sharing needs an agreement and a consent, which come with their own tables.
SELECT ctx.secure('core.shares', 'granted', 'SELECT');
CREATE INDEX shares_recipient_idx ON core.shares (recipient_id, tenant_id, case_id);
