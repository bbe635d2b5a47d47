-- Counts that dashboards show, kept by the writers in the transaction that changes them.

CREATE TABLE core.tallies (
    tenant_id uuid NOT NULL,
    subject text NOT NULL CHECK (subject IN ('case_stage', 'case_referent', 'referral_state', 'request_outcome')),
    item text NOT NULL CHECK (length(item) BETWEEN 1 AND 100),
    number bigint NOT NULL,
    PRIMARY KEY (tenant_id, subject, item)
);
SELECT ctx.secure('core.tallies', 'tenant');
