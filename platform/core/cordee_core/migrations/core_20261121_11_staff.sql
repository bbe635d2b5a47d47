-- The people who work: roles of the tenant's own, training, conflicts of interest, conduct, the
-- weight of cases, field work, supervision, ethics consultation, conferences, the caseload.

-- Trainings and qualifications as they were proved; an expiry is a date, none is "for life".
CREATE TABLE core.member_trainings (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('training', 'qualification')),
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_.]{0,98}[a-z0-9]$'),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    obtained_on date NOT NULL,
    expires_on date,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    CHECK (expires_on IS NULL OR expires_on >= obtained_on)
);
SELECT ctx.secure('core.member_trainings', 'tenant', 'SELECT, INSERT');
CREATE INDEX member_trainings_member_idx ON core.member_trainings (tenant_id, member_id, id);

CREATE TABLE core.training_requirements (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    subject text NOT NULL CHECK (subject IN ('method', 'instrument')),
    subject_code text NOT NULL CHECK (length(subject_code) BETWEEN 1 AND 200),
    training_code text NOT NULL CHECK (training_code ~ '^[a-z][a-z0-9_.]{0,98}[a-z0-9]$'),
    active boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT training_requirements_once UNIQUE (tenant_id, subject, subject_code, training_code)
);
SELECT ctx.secure('core.training_requirements', 'tenant');

-- A guard that was overridden: who, which one, why.
CREATE TABLE core.staff_overrides (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('caseload', 'training')),
    subject text NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    overridden_at timestamptz NOT NULL,
    overridden_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.staff_overrides', 'tenant', 'SELECT, INSERT');
CREATE INDEX staff_overrides_case_idx ON core.staff_overrides (tenant_id, case_id, id);

CREATE TABLE core.interest_conflicts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    person_id uuid,
    case_id uuid,
    note text NOT NULL CHECK (length(note) BETWEEN 1 AND 2000),
    declared_at timestamptz NOT NULL,
    declared_by uuid NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES core.persons (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    CHECK (person_id IS NOT NULL OR case_id IS NOT NULL),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
SELECT ctx.secure('core.interest_conflicts', 'tenant');
CREATE INDEX interest_conflicts_member_idx ON core.interest_conflicts (tenant_id, member_id);

CREATE TABLE core.conduct_versions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    text jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    published_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT conduct_versions_version UNIQUE (tenant_id, version)
);
SELECT ctx.secure('core.conduct_versions', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.conduct_acceptances (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    conduct_id uuid NOT NULL,
    member_id uuid NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT conduct_acceptances_once UNIQUE (tenant_id, conduct_id, member_id),
    FOREIGN KEY (tenant_id, conduct_id) REFERENCES core.conduct_versions (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.conduct_acceptances', 'tenant', 'SELECT, INSERT');

-- The step of intensity of a case, as it was set; the newest counts, without one a case weighs 1.
CREATE TABLE core.case_intensities (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    intensity text NOT NULL CHECK (length(intensity) BETWEEN 1 AND 100),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    set_at timestamptz NOT NULL,
    set_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id)
);
SELECT ctx.secure('core.case_intensities', 'tenant', 'SELECT, INSERT');
CREATE INDEX case_intensities_case_idx ON core.case_intensities (tenant_id, case_id, id);

-- Volunteers and community workers: the cases they go to, and what they wrote themselves.
CREATE TABLE core.field_assignments (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    member_id uuid NOT NULL,
    task text NOT NULL CHECK (length(task) BETWEEN 1 AND 2000),
    starts_on date NOT NULL,
    ends_on date,
    assigned_at timestamptz NOT NULL,
    assigned_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
SELECT ctx.secure('core.field_assignments', 'tenant');
CREATE INDEX field_assignments_member_idx ON core.field_assignments (tenant_id, member_id, id);
CREATE UNIQUE INDEX field_assignments_once ON core.field_assignments (tenant_id, case_id, member_id)
    WHERE ends_on IS NULL;

CREATE TABLE core.field_reports (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    assignment_id uuid NOT NULL,
    case_id uuid NOT NULL,
    author_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('report', 'visit')),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 20000),
    occurred_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, assignment_id) REFERENCES core.field_assignments (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, author_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.field_reports', 'tenant', 'SELECT, INSERT');
CREATE INDEX field_reports_author_idx ON core.field_reports (tenant_id, author_id, id);
CREATE INDEX field_reports_case_idx ON core.field_reports (tenant_id, case_id, id);

CREATE TABLE core.supervision_sessions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    supervisor_id uuid NOT NULL,
    held_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, supervisor_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.supervision_sessions', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.supervision_participants (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    member_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT supervision_participants_once UNIQUE (tenant_id, session_id, member_id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES core.supervision_sessions (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.supervision_participants', 'tenant', 'SELECT, INSERT');
CREATE INDEX supervision_participants_member_idx ON core.supervision_participants (tenant_id, member_id);

-- What was spoken about and what was agreed: a case, an action, or both.
CREATE TABLE core.supervision_points (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    case_id uuid,
    discussed text NOT NULL CHECK (length(discussed) BETWEEN 1 AND 5000),
    action text,
    member_id uuid,
    due_on date,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES core.supervision_sessions (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    CHECK (action IS NOT NULL OR (member_id IS NULL AND due_on IS NULL))
);
SELECT ctx.secure('core.supervision_points', 'tenant', 'SELECT, INSERT');
CREATE INDEX supervision_points_session_idx ON core.supervision_points (tenant_id, session_id, id);

-- No person stands here: the case is told to nobody but the one who asked.
CREATE TABLE core.ethics_consultations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid,
    asked_by uuid NOT NULL,
    question text NOT NULL CHECK (length(question) BETWEEN 1 AND 5000),
    asked_at timestamptz NOT NULL,
    decision text,
    decided_at timestamptz,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, asked_by) REFERENCES core.members (tenant_id, id),
    CHECK ((decision IS NULL) = (decided_at IS NULL))
);
SELECT ctx.secure('core.ethics_consultations', 'tenant');

CREATE TABLE core.ethics_advices (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    consultation_id uuid NOT NULL,
    member_id uuid NOT NULL,
    advice text,
    advised_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ethics_advices_once UNIQUE (tenant_id, consultation_id, member_id),
    FOREIGN KEY (tenant_id, consultation_id) REFERENCES core.ethics_consultations (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    CHECK ((advice IS NULL) = (advised_at IS NULL))
);
SELECT ctx.secure('core.ethics_advices', 'tenant');

CREATE TABLE core.conferences (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    agenda text[] NOT NULL CHECK (cardinality(agenda) > 0),
    person_invited boolean NOT NULL,
    not_invited_reason text,
    called_at timestamptz NOT NULL,
    called_by uuid NOT NULL,
    held_at timestamptz,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    CHECK (person_invited = (not_invited_reason IS NULL))
);
SELECT ctx.secure('core.conferences', 'tenant');
CREATE INDEX conferences_case_idx ON core.conferences (tenant_id, case_id, id);

CREATE TABLE core.conference_attendees (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    conference_id uuid NOT NULL,
    case_id uuid NOT NULL,
    member_id uuid,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    organisation text,
    attended boolean NOT NULL,
    dissent text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conference_id) REFERENCES core.conferences (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.conference_attendees', 'tenant', 'SELECT, INSERT');
CREATE INDEX conference_attendees_conference_idx ON core.conference_attendees (tenant_id, conference_id, id);

CREATE TABLE core.conference_decisions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    conference_id uuid NOT NULL,
    case_id uuid NOT NULL,
    decision text NOT NULL CHECK (length(decision) BETWEEN 1 AND 5000),
    member_id uuid NOT NULL,
    due_on date NOT NULL,
    action_id uuid,
    obligation_id uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conference_id) REFERENCES core.conferences (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, action_id) REFERENCES core.plan_actions (tenant_id, id),
    FOREIGN KEY (tenant_id, obligation_id) REFERENCES core.obligations (tenant_id, id)
);
SELECT ctx.secure('core.conference_decisions', 'tenant', 'SELECT, INSERT');
CREATE INDEX conference_decisions_conference_idx ON core.conference_decisions (tenant_id, conference_id, id);

-- What a referent leads, in the order of what is due: 48 bits for the milliseconds at which the
-- earliest open obligation is due (all ones without any), then the last 80 bits of the case's id.
CREATE VIEW core.caseload_lines WITH (security_invoker = true) AS
SELECT c.tenant_id, c.id AS case_id, c.person_id, c.referent_id, c.team_id, c.programme_id, c.stage,
    (c.referent_id = (SELECT ctx.member())) AS mine, o.due_at, o.rule, o.label,
    (lpad(to_hex(CASE WHEN o.due_at IS NULL THEN 281474976710655
        ELSE greatest((extract(epoch FROM o.due_at) * 1000)::bigint, 0) END), 12, '0')
        || right(replace(c.id::text, '-', ''), 20))::uuid AS due_key
FROM core.cases c
LEFT JOIN LATERAL (
    SELECT b.due_at, b.rule, b.label FROM core.obligations b
    WHERE b.tenant_id = c.tenant_id AND b.case_id = c.id AND b.status = 'open'
    ORDER BY b.due_at LIMIT 1
) o ON true
WHERE c.referent_id IS NOT NULL AND c.stage NOT IN ('closed', 'transferred', 'refused', 'merged');
GRANT SELECT ON core.caseload_lines TO cordee_app;

-- The cases that a member reaches with the scope "team": led, of a team, or handed over a while ago.
CREATE VIEW core.reached_cases WITH (security_invoker = true) AS
SELECT c.tenant_id, c.id AS case_id, c.person_id FROM core.cases c
WHERE c.referent_id = (SELECT ctx.member())
UNION SELECT c.tenant_id, c.id, c.person_id FROM core.team_members t
JOIN core.cases c ON c.tenant_id = t.tenant_id AND c.team_id = t.team_id
WHERE t.member_id = (SELECT ctx.member())
UNION SELECT c.tenant_id, c.id, c.person_id FROM core.designations d
JOIN core.cases c ON c.tenant_id = d.tenant_id AND c.id = d.case_id
WHERE d.member_id = (SELECT ctx.member()) AND d.reads_until > statement_timestamp();
GRANT SELECT ON core.reached_cases TO cordee_app;
