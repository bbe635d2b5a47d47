WITH made AS (
    INSERT INTO core.notes (tenant_id, id, case_id, text, occurred_at, created_at, author_id)
    VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING *
)
SELECT json_build_object('data', json_build_object('noteAdd', json_build_object('note',
    json_build_object('id', n.id, 'text', n.text, 'createdAt', n.created_at,
        'author', json_build_object('displayName', m.display_name)))))::text
FROM made n JOIN core.members m ON m.tenant_id = n.tenant_id AND m.id = n.author_id
