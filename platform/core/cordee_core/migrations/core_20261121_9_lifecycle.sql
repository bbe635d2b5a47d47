-- The life of a case: each change of stage, how it ended, transfers, mergers, interruptions, and
-- the requests that never became a case. What no model could allow is refused here too.

CREATE TABLE core.interruptions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    stage text NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    reached integer NOT NULL CHECK (reached >= 0),
    not_reached jsonb NOT NULL,
    acted_at timestamptz NOT NULL,
    acted_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, acted_by) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.interruptions', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.stage_changes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    from_stage text,
    to_stage text NOT NULL CHECK (to_stage IN
        ('intake', 'assessment', 'planning', 'implementation', 'monitoring', 'evaluation',
         'closed', 'on_hold', 'reopened', 'transferred', 'refused', 'merged')),
    at timestamptz NOT NULL,
    member_id uuid,
    reason text CHECK (length(reason) BETWEEN 1 AND 2000),
    interruption_id uuid,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT stage_changes_in_order UNIQUE (tenant_id, case_id, number),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, interruption_id) REFERENCES core.interruptions (tenant_id, id),
    CONSTRAINT stage_changes_begin CHECK ((number = 1) = (from_stage IS NULL)
        AND (number > 1 OR to_stage = 'intake')),
    CONSTRAINT stage_changes_reason CHECK (to_stage <> 'on_hold' OR reason IS NOT NULL),
    -- The same pairs stand in cordee_core/cases/lifecycle.py; a test compares them.
    CONSTRAINT stage_changes_possible CHECK (from_stage IS NULL OR to_stage = ANY (CASE from_stage
        WHEN 'intake' THEN ARRAY['assessment', 'refused', 'on_hold', 'transferred', 'merged']
        WHEN 'assessment' THEN ARRAY['planning', 'evaluation', 'on_hold', 'transferred', 'merged']
        WHEN 'planning' THEN
            ARRAY['assessment', 'implementation', 'evaluation', 'on_hold', 'transferred', 'merged']
        WHEN 'implementation' THEN
            ARRAY['assessment', 'planning', 'monitoring', 'evaluation', 'on_hold', 'transferred',
                'merged']
        WHEN 'monitoring' THEN
            ARRAY['assessment', 'planning', 'implementation', 'evaluation', 'on_hold',
                'transferred', 'merged']
        WHEN 'evaluation' THEN
            ARRAY['assessment', 'planning', 'implementation', 'monitoring', 'closed', 'on_hold',
                'transferred', 'merged']
        WHEN 'closed' THEN ARRAY['reopened']
        WHEN 'on_hold' THEN
            ARRAY['intake', 'assessment', 'planning', 'implementation', 'monitoring', 'evaluation',
                'reopened', 'transferred', 'merged']
        WHEN 'reopened' THEN ARRAY['assessment', 'planning', 'closed', 'on_hold', 'transferred', 'merged']
        ELSE ARRAY[]::text[] END))
);
SELECT ctx.secure('core.stage_changes', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.case_persons (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    person_id uuid NOT NULL,
    protected boolean NOT NULL DEFAULT false,
    joined_on date NOT NULL,
    left_on date,
    added_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT case_persons_once UNIQUE (tenant_id, case_id, person_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    FOREIGN KEY (tenant_id, added_by) REFERENCES core.members (tenant_id, id),
    CHECK (left_on >= joined_on)
);
SELECT ctx.secure('core.case_persons', 'personal');
CREATE INDEX case_persons_person_idx ON core.case_persons (tenant_id, person_id);
CREATE UNIQUE INDEX cases_open_once_household ON core.cases (tenant_id, household_id, programme_id)
    WHERE household_id IS NOT NULL AND stage NOT IN ('closed', 'transferred', 'refused', 'merged');

CREATE TABLE core.closures (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    number integer NOT NULL,
    vocabulary text NOT NULL,
    reason_code text NOT NULL,
    reason jsonb NOT NULL,
    note text CHECK (length(note) BETWEEN 1 AND 5000),
    after_care_on date NOT NULL,
    retain_until date NOT NULL CHECK (retain_until >= after_care_on),
    closed_at timestamptz NOT NULL,
    closed_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT closures_once UNIQUE (tenant_id, case_id, number),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, closed_by) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.closures', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.mergers (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    into_id uuid NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    manifest jsonb NOT NULL,
    merged_at timestamptz NOT NULL,
    merged_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT mergers_once UNIQUE (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, into_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, merged_by) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.mergers', 'tenant', 'SELECT, INSERT');
CREATE INDEX mergers_into_idx ON core.mergers (tenant_id, into_id);

CREATE TABLE core.transfers (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    model_id uuid,
    team_id uuid,
    referent_id uuid NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    manifest jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('requested', 'done', 'declined', 'withdrawn')),
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    giver_id uuid,
    given_at timestamptz,
    receiver_id uuid,
    received_at timestamptz,
    answer text CHECK (length(answer) BETWEEN 1 AND 2000),
    new_case_id uuid,
    settled_at timestamptz,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, new_case_id) REFERENCES core.cases (tenant_id, id),
    FOREIGN KEY (tenant_id, programme_id) REFERENCES core.programmes (tenant_id, id),
    FOREIGN KEY (tenant_id, model_id) REFERENCES core.models (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES core.teams (tenant_id, id),
    FOREIGN KEY (tenant_id, referent_id) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, requested_by) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, giver_id) REFERENCES core.members (tenant_id, id),
    FOREIGN KEY (tenant_id, receiver_id) REFERENCES core.members (tenant_id, id),
    CHECK ((giver_id IS NULL) = (given_at IS NULL)),
    CHECK ((receiver_id IS NULL) = (received_at IS NULL)),
    CHECK ((state = 'requested') = (settled_at IS NULL)),
    CONSTRAINT transfers_two_sides CHECK (giver_id <> receiver_id),
    CONSTRAINT transfers_done CHECK (state <> 'done'
        OR giver_id IS NOT NULL AND receiver_id IS NOT NULL AND new_case_id IS NOT NULL)
);
SELECT ctx.secure('core.transfers', 'tenant');
CREATE UNIQUE INDEX transfers_one_open ON core.transfers (tenant_id, case_id)
    WHERE state = 'requested';

CREATE TABLE core.requests (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('information', 'orientation')),
    request_source text NOT NULL CHECK (request_source IN
        ('self', 'relative', 'professional', 'organisation', 'outreach', 'other')),
    person_id uuid,
    protected boolean NOT NULL DEFAULT false,
    topic text NOT NULL CHECK (length(topic) BETWEEN 1 AND 2000),
    answer text NOT NULL CHECK (length(answer) BETWEEN 1 AND 5000),
    received_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, person_id, protected)
        REFERENCES core.persons (tenant_id, id, protected) ON UPDATE CASCADE,
    FOREIGN KEY (tenant_id, recorded_by) REFERENCES core.members (tenant_id, id)
);
SELECT ctx.secure('core.requests', 'personal', 'SELECT, INSERT');

-- A case begins at intake, changes its stage by one number at a time, and returns from on_hold to
-- the stage that it came from, unless it goes to its evaluation or leaves.
CREATE FUNCTION core.keep_stage() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.stage <> 'intake' OR NEW.stage_number <> 1 THEN
            RAISE EXCEPTION 'a case begins at intake' USING ERRCODE = 'CX010';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.stage = OLD.stage THEN
        IF NEW.stage_number <> OLD.stage_number OR NEW.held_from IS DISTINCT FROM OLD.held_from THEN
            RAISE EXCEPTION 'the stage did not change' USING ERRCODE = 'CX010';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.stage_number <> OLD.stage_number + 1 THEN
        RAISE EXCEPTION 'a change of stage without its number' USING ERRCODE = 'CX010';
    ELSIF NEW.stage = 'on_hold' AND NEW.held_from IS DISTINCT FROM OLD.stage THEN
        RAISE EXCEPTION 'on hold without the stage it came from' USING ERRCODE = 'CX010';
    ELSIF OLD.stage = 'on_hold' AND NEW.stage IS DISTINCT FROM OLD.held_from
        AND NEW.stage NOT IN ('evaluation', 'transferred', 'merged') THEN
        RAISE EXCEPTION 'a case on hold returns to the stage it came from' USING ERRCODE = 'CX010';
    ELSIF OLD.stage = 'on_hold' AND NEW.stage = 'evaluation'
        AND OLD.held_from IN ('intake', 'reopened') THEN
        RAISE EXCEPTION 'nothing to evaluate yet' USING ERRCODE = 'CX010';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION core.keep_stage() FROM PUBLIC;
CREATE TRIGGER keep_stage BEFORE INSERT OR UPDATE ON core.cases
    FOR EACH ROW EXECUTE FUNCTION core.keep_stage();

-- At the end of the transaction each change of stage has its row, and a closed case its closure.
CREATE FUNCTION core.keep_stage_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    came_from text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.stage END;
BEGIN
    IF NOT EXISTS (SELECT FROM core.stage_changes s WHERE s.tenant_id = NEW.tenant_id
            AND s.case_id = NEW.id AND s.number = NEW.stage_number AND s.to_stage = NEW.stage
            AND s.from_stage IS NOT DISTINCT FROM came_from) THEN
        RAISE EXCEPTION 'a change of stage without its row' USING ERRCODE = 'CX011';
    ELSIF NEW.stage = 'closed' AND NOT EXISTS (SELECT FROM core.closures c
            WHERE c.tenant_id = NEW.tenant_id AND c.case_id = NEW.id
            AND c.number = NEW.stage_number) THEN
        RAISE EXCEPTION 'closed without reason and dates' USING ERRCODE = 'CX012';
    ELSIF NEW.stage = 'merged' AND NOT EXISTS (SELECT FROM core.mergers m
            WHERE m.tenant_id = NEW.tenant_id AND m.case_id = NEW.id) THEN
        RAISE EXCEPTION 'merged into nothing' USING ERRCODE = 'CX012';
    ELSIF NEW.stage = 'transferred' AND NOT EXISTS (SELECT FROM core.transfers t
            WHERE t.tenant_id = NEW.tenant_id AND t.case_id = NEW.id AND t.state = 'done') THEN
        RAISE EXCEPTION 'transferred without both approvals' USING ERRCODE = 'CX012';
    ELSIF NEW.stage = 'refused' AND NOT EXISTS (SELECT FROM core.selection_decisions d
            WHERE d.tenant_id = NEW.tenant_id AND d.case_id = NEW.id
            AND (d.decision = 'refused' OR EXISTS (SELECT FROM core.waiting_entries w
                WHERE w.tenant_id = d.tenant_id AND w.case_id = d.case_id
                AND w.status = 'removed'))) THEN
        RAISE EXCEPTION 'refused without a decision' USING ERRCODE = 'CX012';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION core.keep_stage_change() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER keep_stage_change_insert AFTER INSERT ON core.cases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.keep_stage_change();
CREATE CONSTRAINT TRIGGER keep_stage_change_update AFTER UPDATE OF stage ON core.cases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.stage IS DISTINCT FROM OLD.stage)
    EXECUTE FUNCTION core.keep_stage_change();

-- A row of the history belongs to a change that took place in the same transaction.
CREATE FUNCTION core.keep_history() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM core.cases c WHERE c.tenant_id = NEW.tenant_id
            AND c.id = NEW.case_id AND c.stage_number >= NEW.number) THEN
        RAISE EXCEPTION 'a row of history without a change' USING ERRCODE = 'CX011';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION core.keep_history() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER keep_history AFTER INSERT ON core.stage_changes
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.keep_history();

-- The referent that a case names is the member of its one active designation, and nobody has an
-- active designation in a case that ended.
CREATE FUNCTION core.keep_referent() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whose uuid := CASE WHEN TG_TABLE_NAME = 'cases' THEN to_jsonb(NEW) ->> 'id'
        ELSE to_jsonb(NEW) ->> 'case_id' END;
    named record;
    active uuid;
BEGIN
    SELECT c.stage, c.referent_id INTO named FROM core.cases c
        WHERE c.tenant_id = NEW.tenant_id AND c.id = whose;
    SELECT d.member_id INTO active FROM core.designations d
        WHERE d.tenant_id = NEW.tenant_id AND d.case_id = whose AND d.ends_at IS NULL;
    IF named.referent_id IS DISTINCT FROM active THEN
        RAISE EXCEPTION 'the referent is not the one designated' USING ERRCODE = 'CX013';
    ELSIF active IS NOT NULL AND named.stage IN ('closed', 'transferred', 'refused', 'merged') THEN
        RAISE EXCEPTION 'a referent of a case that ended' USING ERRCODE = 'CX013';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION core.keep_referent() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER keep_referent AFTER INSERT OR UPDATE OF stage, referent_id ON core.cases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.keep_referent();
CREATE CONSTRAINT TRIGGER keep_referent AFTER INSERT OR UPDATE ON core.designations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.keep_referent();
