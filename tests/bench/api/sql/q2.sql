SELECT json_build_object('data', json_build_object('cases', json_build_object(
    'edges', coalesce(json_agg(json_build_object('node', e.node)) FILTER (WHERE e.place <= $2), '[]'),
    'pageInfo', json_build_object('hasNextPage', count(*) > $2))))::text
FROM (
    SELECT row_number() OVER () AS place, json_build_object('id', c.id, 'number', c.number,
        'openedAt', c.opened_at,
        'person', json_build_object('givenNames', p.given_names, 'familyName', p.family_name),
        'referent', json_build_object('displayName', m.display_name),
        'programme', json_build_object('title', g.definition -> 'title' ->> 'fr'),
        'assessments', (SELECT coalesce(json_agg(x), '[]') FROM (SELECT json_build_object(
            'instrumentCode', a.instrument_code, 'assessedOn', a.assessed_on) AS x
            FROM core.assessments a WHERE a.tenant_id = c.tenant_id AND a.case_id = c.id
            ORDER BY a.id DESC LIMIT 1) s),
        'notes', json_build_object('totalCount', (SELECT count(*) FROM core.notes n
            WHERE n.tenant_id = c.tenant_id AND n.case_id = c.id)),
        'referrals', json_build_object('totalCount', (SELECT count(*) FROM core.referrals r
            WHERE r.tenant_id = c.tenant_id AND r.case_id = c.id))) AS node
    FROM (SELECT * FROM core.cases WHERE referent_id = $1 AND stage = 'assessment'
          ORDER BY id DESC LIMIT $2 + 1) c
    JOIN LATERAL (SELECT * FROM core.persons p WHERE p.tenant_id = c.tenant_id
        AND p.id = c.person_id LIMIT 1) p ON true
    JOIN core.programmes g ON g.tenant_id = c.tenant_id AND g.id = c.programme_id
    JOIN core.members m ON m.tenant_id = c.tenant_id AND m.id = c.referent_id
    ORDER BY c.id DESC
) e
