SELECT json_build_object('data', json_build_object(
    'casesByStage', (SELECT coalesce(json_agg(json_build_object('stage', item, 'count', number)),
        '[]') FROM core.tallies WHERE subject = 'case_stage'),
    'casesByReferent', (SELECT coalesce(json_agg(json_build_object('referent',
        json_build_object('displayName', m.display_name), 'count', t.number)), '[]')
        FROM core.tallies t JOIN core.members m ON m.tenant_id = t.tenant_id
        AND m.id = t.item::uuid WHERE t.subject = 'case_referent'),
    'referralsByState', (SELECT coalesce(json_agg(json_build_object('state', item, 'count', number)),
        '[]') FROM core.tallies WHERE subject = 'referral_state')
))::text
