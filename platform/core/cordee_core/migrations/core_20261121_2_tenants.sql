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
    family_name text CHECK (length(family_name) BETWEEN 1 AND 200),
    given_names text NOT NULL DEFAULT '' CHECK (length(given_names) <= 200),
    names jsonb NOT NULL DEFAULT '[]',
    birth_date date,
    birth_date_precision text
        CHECK (birth_date_precision IN ('day', 'month', 'year', 'unknown', 'refused')),
    sex text CHECK (sex IN ('female', 'male', 'other', 'unknown', 'refused')),
    gender text CHECK (gender IN ('woman', 'man', 'non_binary', 'other', 'unknown', 'refused')),
    languages text[] NOT NULL DEFAULT '{}',
    languages_read text[] NOT NULL DEFAULT '{}',
    interpreter_needed boolean,
    phone text,
    email text,
    contact_points jsonb NOT NULL DEFAULT '[]',
    safe_contact text,
    extra jsonb NOT NULL DEFAULT '{}',
    unanswered jsonb NOT NULL DEFAULT '{}',
    secrecy text NOT NULL DEFAULT 'none' CHECK (secrecy IN ('none', 'restricted', 'coded')),
    protected boolean NOT NULL DEFAULT false,
    disclosure text NOT NULL DEFAULT 'full'
        CHECK (disclosure IN ('none', 'exists', 'name', 'summary', 'full')),
    merged_into uuid,
    merged boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    UNIQUE (tenant_id, id, protected),
    FOREIGN KEY (tenant_id, merged_into) REFERENCES core.persons (tenant_id, id),
    CHECK ((birth_date IS NULL) = (coalesce(birth_date_precision, 'unknown') IN ('unknown', 'refused'))),
    CHECK (family_name IS NOT NULL OR secrecy = 'coded'),
    CHECK (protected = (secrecy <> 'none')),
    CHECK (protected OR disclosure = 'full'),
    CHECK (merged = (merged_into IS NOT NULL))
);

CREATE TABLE core.members (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 200),
    email text NOT NULL,
    roles text[] NOT NULL,
    own_roles uuid[] NOT NULL DEFAULT '{}',
    person_id uuid,
    supervisor_id uuid,
    languages text[] NOT NULL DEFAULT '{}',
    language text CHECK (language IN ('en', 'fr')),
    status text NOT NULL CHECK (status IN ('active', 'left')),
    created_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id),
    FOREIGN KEY (tenant_id, tenant_id) REFERENCES core.tenants (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id),
    FOREIGN KEY (tenant_id, supervisor_id) REFERENCES core.members (tenant_id, id),
    CHECK (cardinality(roles) + cardinality(own_roles) > 0),
    CHECK (('person' = ANY (roles)) = (person_id IS NOT NULL)),
    CHECK (supervisor_id <> id),
    CONSTRAINT members_volunteer_supervised
        CHECK (supervisor_id IS NOT NULL OR NOT 'volunteer' = ANY (roles))
);
SELECT ctx.secure('core.members', 'tenant');

-- Who may know of a protected person, how much, and why. The policies of persons and of what is
-- about them ask this table, so it stands below both.
CREATE TABLE core.person_access (
    tenant_id uuid NOT NULL,
    member_id uuid NOT NULL,
    person_id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('referent', 'circle', 'granted', 'own')),
    level text NOT NULL CHECK (level IN ('exists', 'name', 'summary', 'full')),
    reason text,
    granted_at timestamptz NOT NULL,
    granted_by uuid,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, member_id, person_id, source),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id),
    FOREIGN KEY (tenant_id, granted_by) REFERENCES core.members (tenant_id, id),
    CHECK (source <> 'granted' OR reason IS NOT NULL)
);
SELECT ctx.secure('core.person_access', 'tenant');
CREATE INDEX person_access_person_idx ON core.person_access (tenant_id, person_id);
SELECT ctx.secure('core.persons', 'person');

CREATE TABLE core.invitations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    display_name text NOT NULL,
    roles text[] NOT NULL,
    own_roles uuid[] NOT NULL DEFAULT '{}',
    person_id uuid,
    supervisor_id uuid,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    member_id uuid,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, supervisor_id) REFERENCES core.members (tenant_id, id),
    CHECK (cardinality(roles) + cardinality(own_roles) > 0)
);
SELECT ctx.secure('core.invitations', 'tenant');

-- What a role of the tenant's own grants: {"case.read": "team"}. Shipped roles stand in the code.
CREATE TABLE core.roles (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{1,38}[a-z0-9]$'),
    title jsonb NOT NULL,
    based_on text NOT NULL,
    grants jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT roles_code_once UNIQUE (tenant_id, code)
);
SELECT ctx.secure('core.roles', 'tenant');

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
