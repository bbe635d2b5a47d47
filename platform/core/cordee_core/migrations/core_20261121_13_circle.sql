-- The people and places around a person: households, relations, representatives, the circle of a
-- case, places of living, territories, customs, interpreters, and what the person says.

CREATE TABLE core.households (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    note text,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT ctx.secure('core.households', 'tenant');

CREATE TABLE core.household_members (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    household_id uuid NOT NULL,
    person_id uuid NOT NULL,
    protected boolean NOT NULL DEFAULT false,
    role text NOT NULL CHECK (role IN ('head', 'partner', 'child', 'parent', 'other_relative', 'other')),
    starts_on date NOT NULL,
    ends_on date,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, household_id) REFERENCES core.households (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
SELECT ctx.secure('core.household_members', 'personal');
CREATE UNIQUE INDEX household_members_once ON core.household_members (tenant_id, household_id, person_id)
    WHERE ends_on IS NULL;
CREATE INDEX household_members_person_idx ON core.household_members (tenant_id, person_id, id);

-- "`person_id` is the <kind> of `other_id`": a relation has a direction.
CREATE TABLE core.relations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    person_protected boolean NOT NULL DEFAULT false,
    other_id uuid NOT NULL,
    other_protected boolean NOT NULL DEFAULT false,
    protected boolean NOT NULL GENERATED ALWAYS AS (person_protected OR other_protected) STORED,
    kind text NOT NULL CHECK (kind IN
        ('parent', 'step_parent', 'foster_parent', 'grandparent', 'guardian', 'sibling', 'spouse',
         'partner', 'former_partner', 'carer', 'friend', 'neighbour', 'other')),
    detail text,
    starts_on date,
    ends_on date,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, person_protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    FOREIGN KEY (tenant_id, other_id, other_protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    CHECK (person_id <> other_id),
    CHECK (ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on)
);
SELECT ctx.secure('core.relations', 'personal');
CREATE UNIQUE INDEX relations_once ON core.relations (tenant_id, person_id, other_id, kind)
    WHERE ends_on IS NULL;
CREATE INDEX relations_other_idx ON core.relations (tenant_id, other_id, id);

CREATE TABLE core.representatives (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    protected boolean NOT NULL DEFAULT false,
    representative_id uuid,
    name text CHECK (length(name) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (kind IN
        ('parent', 'guardian', 'curator', 'mandatary', 'trusted_person', 'other')),
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY
        ['consent', 'care', 'property', 'residence', 'education', 'administration']),
    proof text,
    starts_on date NOT NULL,
    ends_on date,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    FOREIGN KEY (tenant_id, representative_id) REFERENCES core.persons (tenant_id, id),
    CHECK ((representative_id IS NULL) <> (name IS NULL)),
    CHECK (representative_id IS NULL OR representative_id <> person_id),
    CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
SELECT ctx.secure('core.representatives', 'personal');
CREATE INDEX representatives_person_idx ON core.representatives (tenant_id, person_id, id);

CREATE TABLE core.circle_members (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN
        ('member', 'relative', 'professional', 'volunteer', 'peer', 'neighbour', 'association', 'other')),
    member_id uuid,
    person_id uuid,
    name text CHECK (length(name) BETWEEN 1 AND 200),
    organisation text,
    role text NOT NULL CHECK (length(role) BETWEEN 1 AND 200),
    reach text,
    access text NOT NULL CHECK (access IN ('none', 'exists', 'name', 'summary', 'full')),
    starts_on date NOT NULL,
    ends_on date,
    end_reason text,
    added_by uuid NOT NULL,
    added_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id),
    CHECK (num_nonnulls(member_id, person_id, name) = 1),
    CHECK (kind <> 'member' OR member_id IS NOT NULL),
    CHECK (member_id IS NOT NULL OR access = 'none'),
    CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
SELECT ctx.secure('core.circle_members', 'tenant');
CREATE INDEX circle_members_case_idx ON core.circle_members (tenant_id, case_id, id);
CREATE UNIQUE INDEX circle_members_member_once ON core.circle_members (tenant_id, case_id, member_id)
    WHERE ends_on IS NULL AND member_id IS NOT NULL;

CREATE TABLE core.territories (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    parent_id uuid,
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 100),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    team_id uuid,
    cap integer CHECK (cap > 0),
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES core.territories (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES core.teams (tenant_id, id),
    CHECK (parent_id IS NULL OR parent_id <> id)
);
SELECT ctx.secure('core.territories', 'tenant');

CREATE TABLE core.places_of_living (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    protected boolean NOT NULL DEFAULT false,
    kind text NOT NULL CHECK (kind IN ('home', 'institution', 'shelter', 'with_others', 'none', 'unknown')),
    detail text,
    territory_id uuid,
    starts_on date NOT NULL,
    planned_end date,
    ends_on date,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    FOREIGN KEY (tenant_id, territory_id) REFERENCES core.territories (tenant_id, id),
    CHECK (planned_end IS NULL OR planned_end >= starts_on),
    CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
SELECT ctx.secure('core.places_of_living', 'personal');
CREATE INDEX places_of_living_person_idx ON core.places_of_living (tenant_id, person_id, starts_on);
CREATE UNIQUE INDEX places_of_living_one_open ON core.places_of_living (tenant_id, person_id)
    WHERE ends_on IS NULL;
CREATE INDEX places_of_living_territory_idx ON core.places_of_living (tenant_id, territory_id)
    WHERE ends_on IS NULL;

CREATE TABLE core.customs (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    protected boolean NOT NULL DEFAULT false,
    kind text NOT NULL CHECK (kind IN
        ('faith', 'food', 'worker_gender', 'who_may_be_told', 'who_decides', 'other')),
    words text NOT NULL CHECK (length(words) BETWEEN 1 AND 2000),
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE
);
SELECT ctx.secure('core.customs', 'personal');
CREATE INDEX customs_person_idx ON core.customs (tenant_id, person_id, id);

CREATE TABLE core.interpreter_bookings (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    contact_at timestamptz NOT NULL,
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    mode text NOT NULL CHECK (mode IN ('on_site', 'telephone', 'video')),
    interpreter text NOT NULL CHECK (length(interpreter) BETWEEN 1 AND 200),
    relative boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('booked', 'held', 'missed', 'cancelled')),
    reason text,
    booked_by uuid NOT NULL,
    booked_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, booked_by) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.interpreter_bookings', 'tenant');
CREATE INDEX interpreter_bookings_case_idx ON core.interpreter_bookings (tenant_id, case_id, id);

ALTER TABLE core.consents ADD COLUMN interpreter_booking_id uuid;
ALTER TABLE core.consents ADD FOREIGN KEY (tenant_id, interpreter_booking_id)
    REFERENCES core.interpreter_bookings (tenant_id, id);

-- What a person reads, in the languages of the tenant: each version stays.
CREATE TABLE core.person_texts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL CHECK (code IN
        ('information_sheet', 'consent', 'appeal_route', 'complaint_route', 'rights', 'closing')),
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    version integer NOT NULL CHECK (version > 0),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 50000),
    written_by uuid NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code, language, version),
    FOREIGN KEY (tenant_id, written_by) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.person_texts', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.statements (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    person_id uuid NOT NULL,
    protected boolean NOT NULL DEFAULT false,
    kind text NOT NULL CHECK (kind IN
        ('wish', 'goal', 'comment', 'dissent', 'choice', 'complaint', 'referent_request')),
    words text NOT NULL CHECK (length(words) BETWEEN 1 AND 5000),
    chosen text,
    refused text[] NOT NULL DEFAULT '{}',
    form text NOT NULL CHECK (form IN ('own', 'representative', 'supported')),
    support text,
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    answer text,
    answered_by uuid,
    answered_at timestamptz,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    FOREIGN KEY (tenant_id, recorded_by) REFERENCES core.members (tenant_id, id),
    CHECK ((kind = 'choice') = (chosen IS NOT NULL)),
    CHECK (form <> 'supported' OR support IS NOT NULL),
    CHECK ((answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL))
);
SELECT ctx.secure('core.statements', 'personal');
CREATE INDEX statements_case_idx ON core.statements (tenant_id, case_id, id);
