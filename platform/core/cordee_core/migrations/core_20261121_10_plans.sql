-- What is due, what was brought out, what was agreed: obligations, needs, plans, safety plans.

CREATE TABLE core.obligations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    rule text NOT NULL CHECK (length(rule) BETWEEN 1 AND 200),
    label jsonb NOT NULL,
    due_at timestamptz NOT NULL,
    due_key uuid NOT NULL,
    member_id uuid,
    source_kind text,
    source_id uuid,
    status text NOT NULL CHECK (status IN ('open', 'done', 'cancelled')),
    opened_at timestamptz NOT NULL,
    opened_by uuid,
    settled_at timestamptz,
    settled_by uuid,
    reason text,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT obligations_due_order UNIQUE (tenant_id, case_id, due_key),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    CHECK ((source_kind IS NULL) = (source_id IS NULL)),
    CHECK ((status = 'open') = (settled_at IS NULL)),
    CHECK (status <> 'cancelled' OR reason IS NOT NULL)
);
SELECT ctx.secure('core.obligations', 'tenant');
CREATE INDEX obligations_member_idx ON core.obligations (tenant_id, member_id, due_key);
CREATE INDEX obligations_open_idx ON core.obligations (tenant_id, case_id, due_at)
    WHERE status = 'open';

-- Who is called when an instrument raises a safety flag: set by the organisation, per instrument.
CREATE TABLE core.safety_contacts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    instrument_code text NOT NULL,
    member_id uuid NOT NULL,
    note text,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT safety_contacts_once UNIQUE (tenant_id, instrument_code),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.safety_contacts', 'tenant');

-- The kind 'none' says why neither a strength nor a wish is recorded. Rows end, none is deleted.
CREATE TABLE core.needs (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('need', 'strength', 'wish', 'none')),
    life_domain text,
    words text NOT NULL CHECK (length(words) BETWEEN 1 AND 5000),
    source text NOT NULL CHECK (source IN ('assessment', 'conversation')),
    assessment_id uuid,
    holder text NOT NULL CHECK (holder IN ('person', 'relative')),
    relative_name text,
    found_on date NOT NULL,
    ended_on date,
    end_reason text,
    ended_by uuid,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, assessment_id) REFERENCES core.assessments (tenant_id, id),
    CHECK ((source = 'assessment') = (assessment_id IS NOT NULL)),
    CHECK ((holder = 'relative') = (relative_name IS NOT NULL)),
    CHECK ((kind = 'none') = (life_domain IS NULL)),
    CHECK ((ended_on IS NULL) = (ended_by IS NULL) AND (ended_on IS NULL) = (end_reason IS NULL))
);
SELECT ctx.secure('core.needs', 'tenant');
CREATE INDEX needs_case_idx ON core.needs (tenant_id, case_id, id);

-- One row for each version of a person's plan in a case; the highest version is the current one.
CREATE TABLE core.case_plans (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    person_id uuid,
    version integer NOT NULL CHECK (version >= 1),
    status text NOT NULL CHECK (status IN ('draft', 'agreed', 'waived', 'replaced')),
    sections jsonb NOT NULL DEFAULT '[]',
    revision_trigger text,
    author_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    agreed_at timestamptz,
    approved_at timestamptz,
    approved_by uuid,
    approval_note text,
    waived_at timestamptz,
    waived_by uuid,
    waiver_reason text,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT case_plans_version UNIQUE NULLS NOT DISTINCT (tenant_id, case_id, person_id, version),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id),
    FOREIGN KEY (tenant_id, author_id) REFERENCES core.members (tenant_id, id),
    CHECK ((version = 1) = (revision_trigger IS NULL)),
    CHECK (status <> 'agreed' OR agreed_at IS NOT NULL),
    CHECK (status <> 'waived' OR waived_at IS NOT NULL),
    CHECK ((approved_at IS NULL) = (approved_by IS NULL)),
    CHECK ((waived_at IS NULL) = (waived_by IS NULL) AND (waived_at IS NULL) = (waiver_reason IS NULL))
);
SELECT ctx.secure('core.case_plans', 'tenant');
CREATE UNIQUE INDEX case_plans_one_draft ON core.case_plans (tenant_id, case_id, person_id)
    NULLS NOT DISTINCT WHERE status = 'draft';

CREATE TABLE core.plan_goals (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    case_id uuid NOT NULL,
    origin_id uuid NOT NULL,
    words text NOT NULL CHECK (length(words) BETWEEN 1 AND 5000),
    wording text NOT NULL CHECK (length(wording) BETWEEN 1 AND 5000),
    objective_code text NOT NULL,
    baseline text,
    target text,
    indicator text,
    target_date date,
    section text,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES core.case_plans (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id)
);
SELECT ctx.secure('core.plan_goals', 'tenant');
CREATE INDEX plan_goals_plan_idx ON core.plan_goals (tenant_id, plan_id, id);
CREATE INDEX plan_goals_case_idx ON core.plan_goals (tenant_id, case_id);

-- Needs that a goal answers, strengths that it uses; without a goal, needs left out and why.
CREATE TABLE core.plan_needs (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    case_id uuid NOT NULL,
    goal_id uuid,
    need_id uuid NOT NULL,
    reason text,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT plan_needs_once UNIQUE NULLS NOT DISTINCT (tenant_id, plan_id, goal_id, need_id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES core.case_plans (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, goal_id) REFERENCES core.plan_goals (tenant_id, id),
    FOREIGN KEY (tenant_id, need_id) REFERENCES core.needs (tenant_id, id),
    CHECK ((goal_id IS NULL) = (reason IS NOT NULL))
);
SELECT ctx.secure('core.plan_needs', 'tenant', 'SELECT, INSERT');
CREATE INDEX plan_needs_goal_idx ON core.plan_needs (tenant_id, goal_id);

CREATE TABLE core.plan_actions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    case_id uuid NOT NULL,
    goal_id uuid,
    description text NOT NULL CHECK (length(description) BETWEEN 1 AND 5000),
    responsible text CHECK (responsible IN ('member', 'person', 'relative', 'provider')),
    member_id uuid,
    responsible_name text,
    due_on date,
    method_code text,
    service_id uuid,
    status text NOT NULL CHECK (status IN ('open', 'done', 'cancelled')),
    settled_at timestamptz,
    settled_by uuid,
    reason text,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES core.case_plans (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, goal_id) REFERENCES core.plan_goals (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES core.services (tenant_id, id),
    CHECK ((coalesce(responsible, '') = 'member') = (member_id IS NOT NULL)),
    CHECK ((coalesce(responsible, '') IN ('relative', 'provider')) = (responsible_name IS NOT NULL)),
    CHECK ((status = 'open') = (settled_at IS NULL)),
    CHECK (status <> 'cancelled' OR reason IS NOT NULL)
);
SELECT ctx.secure('core.plan_actions', 'tenant');
CREATE INDEX plan_actions_plan_idx ON core.plan_actions (tenant_id, plan_id, id);
CREATE INDEX plan_actions_open_idx ON core.plan_actions (tenant_id, case_id) WHERE status = 'open';

-- Who agreed to a version, how, in which language; dissent and comments are kept beside it.
CREATE TABLE core.plan_agreements (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    case_id uuid NOT NULL,
    signatory text NOT NULL CHECK (length(signatory) BETWEEN 1 AND 100),
    form text NOT NULL CHECK (form IN ('signed', 'recorded', 'representative')),
    agrees boolean NOT NULL,
    name text,
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    agreed_on date NOT NULL,
    comment text,
    dissent text,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES core.case_plans (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    CHECK (agrees OR dissent IS NOT NULL),
    CHECK (form <> 'representative' OR name IS NOT NULL)
);
SELECT ctx.secure('core.plan_agreements', 'tenant', 'SELECT, INSERT');
CREATE INDEX plan_agreements_plan_idx ON core.plan_agreements (tenant_id, plan_id, id);

-- Goal Attainment Scaling: -2 much less than expected, 0 as expected, +2 much more; or why not.
CREATE TABLE core.goal_attainments (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    goal_id uuid NOT NULL,
    origin_id uuid NOT NULL,
    case_id uuid NOT NULL,
    score smallint CHECK (score BETWEEN -2 AND 2),
    reason text,
    follow_up boolean NOT NULL,
    comment text,
    attained_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, goal_id) REFERENCES core.plan_goals (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    CHECK ((score IS NULL) = (reason IS NOT NULL))
);
SELECT ctx.secure('core.goal_attainments', 'tenant', 'SELECT, INSERT');
CREATE INDEX goal_attainments_goal_idx ON core.goal_attainments (tenant_id, goal_id, id);
CREATE INDEX goal_attainments_origin_idx ON core.goal_attainments (tenant_id, origin_id);

CREATE TABLE core.safety_plans (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    warning_signs text NOT NULL CHECK (length(warning_signs) BETWEEN 1 AND 5000),
    own_coping text NOT NULL CHECK (length(own_coping) BETWEEN 1 AND 5000),
    people_and_places text NOT NULL CHECK (length(people_and_places) BETWEEN 1 AND 5000),
    contacts text NOT NULL CHECK (length(contacts) BETWEEN 1 AND 5000),
    professionals text NOT NULL CHECK (length(professionals) BETWEEN 1 AND 5000),
    environment text NOT NULL CHECK (length(environment) BETWEEN 1 AND 5000),
    revision_trigger text,
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    written_at timestamptz NOT NULL,
    author_id uuid NOT NULL,
    agreed_on date,
    agreement_form text CHECK (agreement_form IN ('signed', 'recorded', 'representative')),
    agreement_recorded_by uuid,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT safety_plans_version UNIQUE (tenant_id, case_id, version),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, author_id) REFERENCES core.members (tenant_id, id),
    CHECK ((version = 1) = (revision_trigger IS NULL)),
    CHECK ((agreed_on IS NULL) = (agreement_form IS NULL)),
    CHECK ((agreed_on IS NULL) = (agreement_recorded_by IS NULL))
);
SELECT ctx.secure('core.safety_plans', 'tenant');
