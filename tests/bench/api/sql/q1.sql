SELECT json_build_object('data', json_build_object('case', json_build_object(
    'id', c.id, 'number', c.number, 'stage', c.stage, 'openedAt', c.opened_at,
    'requestedOn', c.requested_on,
    'person', json_build_object('givenNames', p.given_names, 'familyName', p.family_name,
        'birthDate', p.birth_date),
    'referent', CASE WHEN m.id IS NOT NULL THEN json_build_object('displayName', m.display_name) END,
    'programme', json_build_object('title', g.definition -> 'title' ->> 'fr'),
    'assessments', (SELECT coalesce(json_agg(x), '[]') FROM (SELECT json_build_object('id', a.id,
        'instrumentCode', a.instrument_code, 'assessedOn', a.assessed_on, 'answers', a.answers,
        'result', a.result) AS x FROM core.assessments a WHERE a.case_id = c.id
        AND a.tenant_id = c.tenant_id ORDER BY a.id DESC LIMIT 3) s),
    'referrals', (SELECT coalesce(json_agg(x), '[]') FROM (SELECT json_build_object('id', r.id,
        'state', r.state, 'reason', r.reason, 'createdAt', r.created_at,
        'service', json_build_object('code', v.code, 'provider', v.provider)) AS x
        FROM core.referrals r JOIN core.services v ON v.tenant_id = r.tenant_id
        AND v.id = r.service_id WHERE r.case_id = c.id AND r.tenant_id = c.tenant_id
        ORDER BY r.id DESC LIMIT 5) s),
    'notes', (SELECT coalesce(json_agg(x), '[]') FROM (SELECT json_build_object('id', n.id,
        'text', n.text, 'createdAt', n.created_at, 'author',
        json_build_object('displayName', w.display_name)) AS x
        FROM core.notes n JOIN core.members w ON w.tenant_id = n.tenant_id AND w.id = n.author_id
        WHERE n.case_id = c.id AND n.tenant_id = c.tenant_id ORDER BY n.id DESC LIMIT 5) s)
)))::text
FROM core.cases c
JOIN core.persons p ON p.tenant_id = c.tenant_id AND p.id = c.person_id
JOIN core.programmes g ON g.tenant_id = c.tenant_id AND g.id = c.programme_id
LEFT JOIN core.members m ON m.tenant_id = c.tenant_id AND m.id = c.referent_id
WHERE c.id = $1
