-- Takes away what peer.sql made.
DROP FUNCTION core.programmes_title(core.programmes), core.cases_by_stage(),
    core.cases_by_referent(), core.referrals_by_state();
DROP TYPE core.stage_count, core.referent_count, core.state_count;
COMMENT ON COLUMN core.cases.stage IS NULL;
