SELECT json_build_object('data', json_build_object('cases', json_build_object(
    'edges', coalesce(json_agg(json_build_object('node', e.node)) FILTER (WHERE e.place <= $1), '[]'),
    'pageInfo', json_build_object('hasNextPage', count(*) > $1))))::text
FROM (
    SELECT row_number() OVER () AS place, json_build_object('id', c.id, 'number', c.number,
        'stage', c.stage, 'openedAt', c.opened_at,
        'person', json_build_object('givenNames', p.given_names, 'familyName', p.family_name),
        'referent', CASE WHEN m.id IS NOT NULL THEN
            json_build_object('displayName', m.display_name) END,
        'programme', json_build_object('title', g.definition -> 'title' ->> 'fr')) AS node
    FROM (SELECT * FROM core.cases ORDER BY tenant_id DESC, id DESC LIMIT $1 + 1) c
    JOIN LATERAL (SELECT * FROM core.persons p WHERE p.tenant_id = c.tenant_id
        AND p.id = c.person_id LIMIT 1) p ON true
    JOIN core.programmes g ON g.tenant_id = c.tenant_id AND g.id = c.programme_id
    LEFT JOIN core.members m ON m.tenant_id = c.tenant_id AND m.id = c.referent_id
    ORDER BY c.id DESC
) e
