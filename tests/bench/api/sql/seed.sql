-- Tenants, members and cases, made from the catalogue of the demonstration's first tenant.
-- Run as the superuser in one session; the session setting bench.plan holds
-- {"sizes": [cases of each tenant], "members": …}. Foreign keys are not checked while it runs:
-- every key is taken from a row made here.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET work_mem = '256MB';
SELECT setseed(0.42);

CREATE TEMP TABLE plan AS
SELECT * FROM jsonb_to_record(current_setting('bench.plan')::jsonb)
    AS p (sizes jsonb, members int);
CREATE TEMP TABLE template AS SELECT tenant_id FROM core.tenants ORDER BY created_at, id LIMIT 1;

CREATE TEMP TABLE tenant AS
SELECT n::int AS n, uuidv7() AS tenant_id, cases::int AS cases
FROM plan, jsonb_array_elements_text(sizes) WITH ORDINALITY AS o (cases, n);
INSERT INTO core.tenants (tenant_id, id, slug, name, plan_code, language, created_at)
SELECT tenant_id, tenant_id, 'bench-' || n, 'Organisation ' || n, 'standard', 'fr', now() FROM tenant;
INSERT INTO auth.tenant_slugs (slug, tenant_id) SELECT 'bench-' || n, tenant_id FROM tenant;

-- The first half of the members are referents, the others supervisors.
CREATE TEMP TABLE member AS
SELECT t.n, t.tenant_id, m, uuidv7() AS id, uuidv7() AS account_id,
    (ARRAY['Inès', 'Tom', 'Sacha', 'Jeanne', 'Malik', 'Chloé', 'Élif', 'Hugo'])[1 + m % 8] || ' ' ||
    (ARRAY['Garnier', 'Okafor', 'Lambert', 'Roux', 'Diallo', 'Perrin', 'Kaya'])[1 + m % 7] AS name
FROM tenant t, plan, generate_series(1, members) m;
INSERT INTO auth.accounts (id, email)
SELECT account_id, 'member' || m || '@bench-' || n || '.example' FROM member;
INSERT INTO core.members (tenant_id, id, account_id, display_name, email, roles, status, created_at)
SELECT tenant_id, id, account_id, name, 'member' || m || '@bench-' || n || '.example',
    CASE WHEN m <= members / 2 THEN ARRAY['referent'] ELSE ARRAY['supervisor'] END, 'active', now()
FROM member, plan;
CREATE TEMP TABLE staff AS
SELECT tenant_id, array_agg(id ORDER BY m) AS ids, min(members) / 2 AS referents
FROM member, plan GROUP BY tenant_id;

-- The catalogue: plugins, models, programmes with their versions, services.
INSERT INTO core.tenant_plugins
SELECT (jsonb_populate_record(p, jsonb_build_object('tenant_id', t.tenant_id, 'changed_by', s.ids[1]))).*
FROM core.tenant_plugins p JOIN template USING (tenant_id), tenant t JOIN staff s USING (tenant_id);
CREATE TEMP TABLE renamed AS
SELECT t.tenant_id, o.id AS old, uuidv7() AS new FROM tenant t, (
    SELECT tenant_id, id FROM core.models UNION ALL SELECT tenant_id, id FROM core.model_versions
    UNION ALL SELECT tenant_id, id FROM core.programmes
    UNION ALL SELECT tenant_id, id FROM core.programme_versions
    UNION ALL SELECT tenant_id, id FROM core.services
) o JOIN template e ON e.tenant_id = o.tenant_id;
CREATE INDEX ON renamed (tenant_id, old);
INSERT INTO core.models
SELECT (jsonb_populate_record(o, jsonb_build_object('tenant_id', r.tenant_id, 'id', r.new,
    'created_by', s.ids[1]))).*
FROM core.models o JOIN renamed r ON r.old = o.id JOIN staff s ON s.tenant_id = r.tenant_id;
INSERT INTO core.model_versions
SELECT (jsonb_populate_record(o, jsonb_build_object('tenant_id', r.tenant_id, 'id', r.new,
    'model_id', m.new, 'created_by', s.ids[1]))).*
FROM core.model_versions o JOIN renamed r ON r.old = o.id
    JOIN renamed m ON m.tenant_id = r.tenant_id AND m.old = o.model_id
    JOIN staff s ON s.tenant_id = r.tenant_id;
INSERT INTO core.programmes
SELECT (jsonb_populate_record(o, jsonb_build_object('tenant_id', r.tenant_id, 'id', r.new,
    'model_id', m.new, 'created_by', s.ids[1]))).*
FROM core.programmes o JOIN renamed r ON r.old = o.id
    JOIN renamed m ON m.tenant_id = r.tenant_id AND m.old = o.model_id
    JOIN staff s ON s.tenant_id = r.tenant_id;
INSERT INTO core.programme_versions
SELECT (jsonb_populate_record(o, jsonb_build_object('tenant_id', r.tenant_id, 'id', r.new,
    'programme_id', p.new, 'model_version_id', m.new, 'created_by', s.ids[1]))).*
FROM core.programme_versions o JOIN renamed r ON r.old = o.id
    JOIN renamed p ON p.tenant_id = r.tenant_id AND p.old = o.programme_id
    JOIN renamed m ON m.tenant_id = r.tenant_id AND m.old = o.model_version_id
    JOIN staff s ON s.tenant_id = r.tenant_id;
INSERT INTO core.services
SELECT (jsonb_populate_record(o, jsonb_build_object('tenant_id', r.tenant_id, 'id', r.new,
    'provider', 'Prestataire ' || length(o.code)))).*
FROM core.services o JOIN renamed r ON r.old = o.id;
CREATE TEMP TABLE offer AS
SELECT tenant_id, array_agg(id ORDER BY code) AS services FROM core.services GROUP BY tenant_id;
CREATE TEMP TABLE programme AS
SELECT tenant_id, array_agg(programme_id ORDER BY programme_id) AS ids,
    array_agg(id ORDER BY programme_id) AS versions,
    array_agg(model_version_id ORDER BY programme_id) AS models
FROM core.programme_versions WHERE version = 1 GROUP BY tenant_id;

-- Cases over 900 days, ids in the order of opening.
CREATE TEMP TABLE file AS
SELECT t.n, t.tenant_id, i, uuidv7(-(t.cases - i) * (interval '900 days' / t.cases)) AS id,
    uuidv7(-(t.cases - i) * (interval '900 days' / t.cases)) AS person_id,
    s.ids[1 + floor(random() * s.referents)::int] AS referent, random() AS fate,
    1 + i % cardinality(p.ids) AS pick
FROM tenant t JOIN staff s USING (tenant_id) JOIN programme p USING (tenant_id),
    LATERAL generate_series(1, t.cases) i;
CREATE INDEX ON file (tenant_id, i);
ANALYZE file;

INSERT INTO core.persons (tenant_id, id, number, family_name, given_names, birth_date,
    birth_date_precision, sex, languages, phone, created_at, created_by)
SELECT tenant_id, person_id, '2026-' || lpad(i::text, 6, '0'),
    (ARRAY['Martin', 'Traoré', 'Nguyen', 'Moreau', 'Kowalski', 'Benali', 'Lefèvre'])[1 + i % 7]
        || '-' || i,
    (ARRAY['Aïcha', 'Bruno', 'Chloé', 'David', 'Elif', 'Farid', 'Gaëlle', 'Hugo'])[1 + i % 8],
    date '1955-01-01' + (fate * 18000)::int, 'day',
    (ARRAY['female', 'male'])[1 + i % 2], ARRAY['fr'], '0612345678',
    date_trunc('second', uuid_extract_timestamp(person_id)), referent
FROM file;

INSERT INTO core.cases (tenant_id, id, number, person_id, programme_id, programme_version_id,
    model_version_id, stage, stage_number, referent_id, request_source, request_detail, requested_on, opened_at,
    opened_by, timeline_seq, row_version)
SELECT f.tenant_id, f.id, '2026-' || lpad(i::text, 6, '0'), person_id, p.ids[pick],
    p.versions[pick], p.models[pick],
    CASE WHEN fate < 0.6 THEN 'assessment' WHEN fate < 0.8 THEN 'intake' ELSE 'refused' END,
    CASE WHEN fate >= 0.6 AND fate < 0.8 THEN 1 ELSE 2 END,
    CASE WHEN fate < 0.7 THEN referent END, 'professional', 'Service social de secteur',
    uuid_extract_timestamp(f.id)::date - 3, date_trunc('second', uuid_extract_timestamp(f.id)),
    referent, 4, 3
FROM file f JOIN programme p USING (tenant_id);

INSERT INTO core.stage_changes (tenant_id, id, case_id, number, from_stage, to_stage, at, member_id)
SELECT tenant_id, uuidv7(), id, 1, NULL, 'intake', date_trunc('second', uuid_extract_timestamp(id)),
    referent FROM file
UNION ALL
SELECT tenant_id, uuidv7(), id, 2, 'intake', CASE WHEN fate < 0.6 THEN 'assessment' ELSE 'refused' END,
    date_trunc('second', uuid_extract_timestamp(id)), referent FROM file
WHERE fate < 0.6 OR fate >= 0.8;

INSERT INTO core.designations (tenant_id, id, case_id, member_id, starts_at, designated_by)
SELECT tenant_id, uuidv7(), id, referent, date_trunc('second', uuid_extract_timestamp(id)), referent
FROM file WHERE fate < 0.7;

INSERT INTO core.notes (tenant_id, id, case_id, text, occurred_at, author_id, created_at)
SELECT tenant_id, note, case_id, 'Entretien ' || k || ' : point sur la situation, démarches '
    'engagées et prochaines étapes. ' || repeat('Détail convenu avec la personne. ', k + 2),
    date_trunc('second', uuid_extract_timestamp(note)), author,
    date_trunc('second', uuid_extract_timestamp(note))
FROM (
    SELECT f.tenant_id, f.id AS case_id, k, s.ids[1 + (i + k) % s.referents] AS author,
        uuidv7(-(6 - k) * interval '20 days' - fate * interval '15 days') AS note
    FROM file f JOIN staff s USING (tenant_id), generate_series(1, 5) k
) made;

CREATE TEMP TABLE scored AS
SELECT row_number() OVER () AS v, count(*) OVER () AS variants, plugin, instrument_code,
    instrument_version, answers, result
FROM core.assessments JOIN template USING (tenant_id);
INSERT INTO core.assessments (tenant_id, id, case_id, plugin, instrument_code, instrument_version,
    answers, result, informant, language, assessed_on, created_at, created_by)
SELECT f.tenant_id, uuidv7(-(4 - k) * interval '40 days' - fate * interval '30 days'), f.id, plugin,
    instrument_code, instrument_version, answers, result, 'person', 'fr',
    current_date - (4 - k) * 40, date_trunc('second', now() - (4 - k) * interval '40 days'), referent
FROM file f, generate_series(1, 3) k JOIN scored ON true WHERE v = 1 + (i + k) % variants;

CREATE TEMP TABLE sent AS
SELECT f.tenant_id, uuidv7(-(3 - k) * interval '30 days' - fate * interval '20 days') AS id,
    f.id AS case_id, o.services[1 + (i * k) % cardinality(o.services)] AS service_id, referent,
    (ARRAY['draft', 'sent', 'received', 'accepted', 'declined'])[1 + floor(random() * 5)::int] AS state
FROM file f JOIN offer o USING (tenant_id), generate_series(1, 2) k;
INSERT INTO core.referrals (tenant_id, id, case_id, service_id, state, reason, decline_reason,
    created_at, created_by, row_version)
SELECT tenant_id, id, case_id, service_id, state, 'Demande d''accompagnement pour la situation '
    'décrite au dossier.', CASE WHEN state = 'declined' THEN 'Plus de place avant trois mois.' END,
    date_trunc('second', uuid_extract_timestamp(id)), referent, 2
FROM sent;
INSERT INTO core.referral_events (tenant_id, id, referral_id, from_state, to_state, at, member_id)
SELECT tenant_id, uuidv7(), id, CASE WHEN state <> 'draft' THEN 'draft' END, state,
    date_trunc('second', uuid_extract_timestamp(id)), referent
FROM sent;

INSERT INTO core.timeline_entries (tenant_id, id, case_id, seq, kind, at, member_id, params)
SELECT tenant_id, uuidv7(), id, k,
    (ARRAY['case_opened', 'note_added', 'note_added', 'note_added'])[k],
    date_trunc('second', uuid_extract_timestamp(id)), referent,
    CASE WHEN k = 1 THEN jsonb_build_object('number', '2026-' || lpad(i::text, 6, '0'),
        'source', 'professional') ELSE '{}' END
FROM file, generate_series(1, 4) k;

-- What the writers would have counted on.
INSERT INTO core.tallies (tenant_id, subject, item, number)
SELECT tenant_id, 'case_stage', stage, count(*) FROM core.cases WHERE tenant_id IN
    (SELECT tenant_id FROM tenant) GROUP BY 1, 3
UNION ALL
SELECT tenant_id, 'case_referent', referent_id::text, count(*) FROM core.cases WHERE tenant_id IN
    (SELECT tenant_id FROM tenant) AND referent_id IS NOT NULL AND stage <> 'refused' GROUP BY 1, 3
UNION ALL
SELECT tenant_id, 'referral_state', state, count(*) FROM core.referrals WHERE tenant_id IN
    (SELECT tenant_id FROM tenant) GROUP BY 1, 3;

-- What the triggers on members and plugins would have done.
INSERT INTO auth.access_stamps (tenant_id, stamp) SELECT tenant_id, gen_random_uuid() FROM tenant;

RESET session_replication_role;
