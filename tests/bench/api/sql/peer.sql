-- What PostGraphile needs so that its API can answer the same questions as ours: a computed field
-- for the title in the reader's language, aggregates for the dashboard, a condition on the stage.
CREATE FUNCTION core.programmes_title(programme core.programmes) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT programme.definition -> 'title' ->> 'fr' $$;
CREATE TYPE core.stage_count AS (stage text, count int);
CREATE TYPE core.referent_count AS (display_name text, count int);
CREATE TYPE core.state_count AS (state text, count int);
CREATE FUNCTION core.cases_by_stage() RETURNS SETOF core.stage_count
LANGUAGE sql STABLE AS $$ SELECT stage, count(*)::int FROM core.cases GROUP BY 1 ORDER BY 1 $$;
CREATE FUNCTION core.cases_by_referent() RETURNS SETOF core.referent_count
LANGUAGE sql STABLE AS $$
    SELECT m.display_name, c.count
    FROM (SELECT tenant_id, referent_id, count(*)::int AS count FROM core.cases
          WHERE referent_id IS NOT NULL AND stage <> 'refused' GROUP BY 1, 2) c
    JOIN core.members m ON m.tenant_id = c.tenant_id AND m.id = c.referent_id
    ORDER BY c.count DESC, m.id
$$;
CREATE FUNCTION core.referrals_by_state() RETURNS SETOF core.state_count
LANGUAGE sql STABLE AS $$ SELECT state, count(*)::int FROM core.referrals GROUP BY 1 ORDER BY 1 $$;
COMMENT ON COLUMN core.cases.stage IS '@behavior +filterBy';
GRANT EXECUTE ON FUNCTION core.programmes_title(core.programmes), core.cases_by_stage(),
    core.cases_by_referent(), core.referrals_by_state() TO cordee_app;
