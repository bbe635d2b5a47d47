-- Cases, what is decided and recorded about them, and their timeline.

CREATE TABLE core.cases (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    subject_kind text NOT NULL DEFAULT 'person'
        CHECK (subject_kind IN ('person', 'household', 'group')),
    person_id uuid,
    protected boolean NOT NULL DEFAULT false,
    household_id uuid,
    group_label text CHECK (length(group_label) BETWEEN 1 AND 200),
    group_size integer CHECK (group_size BETWEEN 2 AND 100000),
    programme_id uuid NOT NULL,
    programme_version_id uuid NOT NULL,
    model_version_id uuid NOT NULL,
    team_id uuid,
    stage text NOT NULL CHECK (stage IN
        ('intake', 'assessment', 'planning', 'implementation', 'monitoring', 'evaluation',
         'closed', 'on_hold', 'reopened', 'transferred', 'refused', 'merged')),
    stage_number integer NOT NULL DEFAULT 1,
    stage_since timestamptz,
    held_from text,
    reopened_at timestamptz,
    referent_id uuid,
    request_source text NOT NULL CHECK (request_source IN
        ('self', 'relative', 'professional', 'organisation', 'outreach', 'other')),
    request_detail text,
    requested_on date NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_by uuid NOT NULL,
    timeline_seq bigint NOT NULL DEFAULT 0,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    FOREIGN KEY (tenant_id, programme_id) REFERENCES core.programmes (tenant_id, id),
    FOREIGN KEY (tenant_id, programme_version_id) REFERENCES core.programme_versions (tenant_id, id),
    FOREIGN KEY (tenant_id, model_version_id) REFERENCES core.model_versions (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES core.teams (tenant_id, id),
    FOREIGN KEY (tenant_id, referent_id) REFERENCES core.members (tenant_id, id),
    CONSTRAINT cases_referent_required CHECK (referent_id IS NOT NULL
        OR coalesce(held_from, stage) NOT IN
        ('assessment', 'planning', 'implementation', 'monitoring', 'evaluation')),
    CONSTRAINT cases_held_from CHECK ((stage = 'on_hold') = (held_from IS NOT NULL)),
    CONSTRAINT cases_subject CHECK ((subject_kind = 'person') = (person_id IS NOT NULL)
        AND (subject_kind = 'group') = (group_label IS NOT NULL)
        AND (subject_kind = 'group') = (group_size IS NOT NULL)
        AND (subject_kind = 'household' OR household_id IS NULL))
);
SELECT ctx.secure('core.cases', 'personal');
CREATE UNIQUE INDEX cases_open_once ON core.cases (tenant_id, person_id, programme_id)
    WHERE stage NOT IN ('closed', 'transferred', 'refused', 'merged');
CREATE INDEX cases_referent_idx ON core.cases (tenant_id, referent_id, id);

CREATE TABLE core.designations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    member_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    reads_until timestamptz,
    reason text,
    note text,
    conflict_answer text NOT NULL DEFAULT 'not_asked'
        CHECK (conflict_answer IN ('none', 'not_asked')),
    acknowledged_at timestamptz,
    designated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    CHECK (ends_at >= starts_at),
    CHECK (reads_until IS NULL OR reads_until >= ends_at)
);
SELECT ctx.secure('core.designations', 'tenant');
CREATE UNIQUE INDEX designations_one_active ON core.designations (tenant_id, case_id)
    WHERE ends_at IS NULL;
CREATE INDEX designations_member_idx ON core.designations (tenant_id, member_id);

CREATE TABLE core.selection_decisions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    profile text NOT NULL,
    criteria_code text NOT NULL,
    criteria_version integer NOT NULL,
    evaluated_on date NOT NULL,
    facts jsonb NOT NULL,
    outcome text NOT NULL,
    result jsonb NOT NULL,
    decision text NOT NULL CHECK (decision IN ('admitted', 'refused')),
    reason text NOT NULL CHECK (length(reason) > 0),
    appeal_route text,
    onward_referral text,
    onward_none boolean NOT NULL DEFAULT false,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT selection_decisions_once UNIQUE (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    CHECK (decision = 'admitted' OR appeal_route IS NOT NULL),
    CHECK (decision = 'admitted' OR onward_none = (onward_referral IS NULL))
);
SELECT ctx.secure('core.selection_decisions', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.consents (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    case_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('case_management', 'transfer')),
    legal_basis text NOT NULL CHECK (legal_basis IN
        ('consent', 'legal_obligation', 'public_task', 'vital_interest')),
    legal_basis_note text,
    form text CHECK (form IN ('signed', 'verbal', 'representative')),
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    given_on date NOT NULL,
    information_given_on date NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    withdrawal_note text,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    CHECK ((legal_basis = 'consent') = (form IS NOT NULL)),
    CHECK (legal_basis = 'consent' OR legal_basis_note IS NOT NULL)
);
SELECT ctx.secure('core.consents', 'tenant');
CREATE INDEX consents_case_idx ON core.consents (tenant_id, case_id);

CREATE TABLE core.notes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 20000),
    occurred_at timestamptz NOT NULL,
    author_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, author_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.notes', 'tenant', 'SELECT, INSERT');
CREATE INDEX notes_case_idx ON core.notes (tenant_id, case_id, id);

CREATE TABLE core.assessments (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    plugin text NOT NULL,
    instrument_code text NOT NULL,
    instrument_version text NOT NULL,
    answers jsonb NOT NULL,
    not_asked jsonb NOT NULL DEFAULT '{}',
    result jsonb NOT NULL,
    informant text NOT NULL CHECK (informant IN ('person', 'relative', 'professional', 'representative')),
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    assessed_on date NOT NULL,
    valid_until date,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id)
);
SELECT ctx.secure('core.assessments', 'tenant', 'SELECT, INSERT');
CREATE INDEX assessments_case_idx ON core.assessments (tenant_id, case_id, id);

CREATE TABLE core.eligibility_results (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    plugin text NOT NULL,
    rule_code text NOT NULL,
    rule_version integer NOT NULL,
    evaluated_on date NOT NULL,
    facts jsonb NOT NULL,
    outcome text NOT NULL,
    result jsonb NOT NULL,
    decision text,
    decision_reason text,
    decided_by uuid,
    decided_at timestamptz,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    CHECK ((decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL))
);
SELECT ctx.secure('core.eligibility_results', 'tenant');
CREATE INDEX eligibility_results_case_idx ON core.eligibility_results (tenant_id, case_id, id);

CREATE TABLE core.services (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 100),
    plugin text,
    name jsonb NOT NULL,
    description jsonb NOT NULL,
    kind text NOT NULL,
    provider text,
    eligibility_rule text,
    details jsonb NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code)
);
SELECT ctx.secure('core.services', 'tenant');

CREATE TABLE core.referrals (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    service_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'sent', 'received', 'accepted', 'declined')),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 5000),
    decline_reason text,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES core.services (tenant_id, id),
    CHECK ((state = 'declined') = (decline_reason IS NOT NULL))
);
SELECT ctx.secure('core.referrals', 'tenant');
CREATE INDEX referrals_case_idx ON core.referrals (tenant_id, case_id, id);

CREATE TABLE core.referral_events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    referral_id uuid NOT NULL,
    from_state text,
    to_state text NOT NULL,
    at timestamptz NOT NULL,
    member_id uuid NOT NULL,
    reason text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, referral_id) REFERENCES core.referrals (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.referral_events', 'tenant', 'SELECT, INSERT');
CREATE INDEX referral_events_referral_idx ON core.referral_events (tenant_id, referral_id, id);

CREATE TABLE core.timeline_entries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    member_id uuid,
    plugin text,
    params jsonb NOT NULL DEFAULT '{}',
    label jsonb,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, case_id, seq),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.timeline_entries', 'tenant', 'SELECT, INSERT');
