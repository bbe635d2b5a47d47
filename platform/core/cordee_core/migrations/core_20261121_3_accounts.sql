-- Accounts, tokens, invitation codes and short names of tenants: unreadable for the application.
-- Functions owned by cordee_auth do just what is needed; those that write take the tenant
-- from the verified context, so that SQL alone can't act for another tenant.

CREATE TABLE auth.accounts (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE auth.tokens (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    tenant_id uuid NOT NULL,
    member_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX tokens_member_idx ON auth.tokens (tenant_id, member_id);
CREATE TABLE auth.invitation_codes (
    code_hash bytea PRIMARY KEY CHECK (length(code_hash) = 32),
    tenant_id uuid NOT NULL,
    invitation_id uuid NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE TABLE auth.tenant_slugs (
    slug text PRIMARY KEY,
    tenant_id uuid NOT NULL UNIQUE
);
-- Changes with whatever decides who may do what in a tenant: processes remember whom a token
-- stands for, and ask at the start of each request whether the stamp is still the same.
CREATE TABLE auth.access_stamps (
    tenant_id uuid PRIMARY KEY,
    stamp uuid NOT NULL
);
SELECT ctx.secure('auth.accounts', 'global'), ctx.secure('auth.tokens', 'global'),
    ctx.secure('auth.invitation_codes', 'global'), ctx.secure('auth.tenant_slugs', 'global'),
    ctx.secure('auth.access_stamps', 'global');
GRANT SELECT, INSERT ON auth.accounts, auth.tenant_slugs TO cordee_auth;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON auth.tokens TO cordee_auth;
GRANT SELECT, INSERT, UPDATE (stamp) ON auth.access_stamps TO cordee_auth;
GRANT SELECT, INSERT, DELETE ON auth.invitation_codes TO cordee_auth;

CREATE FUNCTION auth.authenticate(hash bytea)
RETURNS TABLE (tenant_id uuid, member_id uuid, stamp uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.tenant_id, t.member_id, s.stamp FROM auth.tokens t
    LEFT JOIN auth.access_stamps s ON s.tenant_id = t.tenant_id
    WHERE t.token_hash = hash AND t.expires_at > statement_timestamp()
    AND (t.revoked_at IS NULL OR t.revoked_at > statement_timestamp())
$$;

-- An error unless the token holds and its tenant's stamp is the one that is known: what a process
-- remembers of it is right then.
CREATE FUNCTION auth.must_hold(hash bytea, known uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM auth.tokens t JOIN auth.access_stamps s ON s.tenant_id = t.tenant_id
    WHERE t.token_hash = hash AND t.expires_at > statement_timestamp()
    AND (t.revoked_at IS NULL OR t.revoked_at > statement_timestamp()) AND s.stamp = known;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'access has changed' USING ERRCODE = 'CX003';
    END IF;
END $$;

CREATE FUNCTION auth.renew_stamp() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO auth.access_stamps AS s (tenant_id, stamp)
    SELECT changed.id, gen_random_uuid()
    FROM (SELECT OLD.tenant_id AS id UNION SELECT NEW.tenant_id) changed WHERE changed.id IS NOT NULL
    ON CONFLICT (tenant_id) DO UPDATE SET stamp = EXCLUDED.stamp;
    RETURN NULL;
END $$;

-- Deferred: the stamp's row is locked last, and not while other rows are waited for.
CREATE CONSTRAINT TRIGGER renew_stamp AFTER INSERT OR UPDATE OR DELETE ON core.members
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auth.renew_stamp();
CREATE CONSTRAINT TRIGGER renew_stamp AFTER INSERT OR UPDATE OR DELETE ON core.roles
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auth.renew_stamp();
CREATE CONSTRAINT TRIGGER renew_stamp AFTER INSERT OR UPDATE OR DELETE ON core.tenants
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auth.renew_stamp();
CREATE CONSTRAINT TRIGGER renew_stamp AFTER INSERT OR UPDATE OR DELETE ON core.tenant_plugins
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auth.renew_stamp();

CREATE FUNCTION auth.issue_token(hash bytea, member uuid, expiry timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO auth.tokens (token_hash, tenant_id, member_id, expires_at)
    VALUES (hash, ctx.tenant(), member, expiry)
$$;

-- At once, or a little later: a renewed token overlaps with its successor.
CREATE FUNCTION auth.revoke_token(hash bytea, moment timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH done AS (
        UPDATE auth.tokens t SET revoked_at = least(t.revoked_at, moment)
        WHERE t.token_hash = hash AND t.tenant_id = ctx.tenant()
        RETURNING 1
    ) SELECT EXISTS (SELECT 1 FROM done)
$$;

CREATE FUNCTION auth.revoke_member_tokens(member uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE auth.tokens t SET revoked_at = least(t.revoked_at, statement_timestamp())
    WHERE t.tenant_id = ctx.tenant() AND t.member_id = member
$$;

CREATE FUNCTION auth.account_for(address text, fresh uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found uuid;
BEGIN
    IF ctx.tenant() IS NULL THEN
        RAISE EXCEPTION 'no context' USING ERRCODE = 'CX001';
    END IF;
    INSERT INTO auth.accounts (id, email) VALUES (fresh, address) ON CONFLICT (email) DO NOTHING;
    SELECT a.id INTO found FROM auth.accounts a WHERE a.email = address;
    RETURN found;
END $$;

CREATE FUNCTION auth.claim_slug(wanted text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH claimed AS (
        INSERT INTO auth.tenant_slugs (slug, tenant_id) VALUES (wanted, ctx.tenant())
        ON CONFLICT DO NOTHING RETURNING 1
    ) SELECT EXISTS (SELECT 1 FROM claimed)
$$;

CREATE FUNCTION auth.register_invitation(hash bytea, invitation uuid, expiry timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO auth.invitation_codes (code_hash, tenant_id, invitation_id, expires_at)
    VALUES (hash, ctx.tenant(), invitation, expiry)
$$;

CREATE FUNCTION auth.find_invitation(hash bytea) RETURNS TABLE (tenant_id uuid, invitation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.tenant_id, c.invitation_id FROM auth.invitation_codes c
    WHERE c.code_hash = hash AND c.expires_at > statement_timestamp()
$$;

CREATE FUNCTION auth.consume_invitation(hash bytea) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH used AS (
        DELETE FROM auth.invitation_codes c WHERE c.code_hash = hash
        AND c.tenant_id = ctx.tenant() AND c.expires_at > statement_timestamp() RETURNING 1
    ) SELECT EXISTS (SELECT 1 FROM used)
$$;

-- Rights first: after the change of owner they are no longer ours to give.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA auth FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA auth TO cordee_app;
REVOKE ALL ON FUNCTION auth.renew_stamp() FROM cordee_app;
GRANT EXECUTE ON FUNCTION auth.renew_stamp() TO cordee_owner;
GRANT CREATE ON SCHEMA auth TO cordee_auth;
ALTER FUNCTION auth.authenticate(bytea) OWNER TO cordee_auth;
ALTER FUNCTION auth.must_hold(bytea, uuid) OWNER TO cordee_auth;
ALTER FUNCTION auth.renew_stamp() OWNER TO cordee_auth;
ALTER FUNCTION auth.issue_token(bytea, uuid, timestamptz) OWNER TO cordee_auth;
ALTER FUNCTION auth.revoke_token(bytea, timestamptz) OWNER TO cordee_auth;
ALTER FUNCTION auth.revoke_member_tokens(uuid) OWNER TO cordee_auth;
ALTER FUNCTION auth.account_for(text, uuid) OWNER TO cordee_auth;
ALTER FUNCTION auth.claim_slug(text) OWNER TO cordee_auth;
ALTER FUNCTION auth.register_invitation(bytea, uuid, timestamptz) OWNER TO cordee_auth;
ALTER FUNCTION auth.find_invitation(bytea) OWNER TO cordee_auth;
ALTER FUNCTION auth.consume_invitation(bytea) OWNER TO cordee_auth;
REVOKE CREATE ON SCHEMA auth FROM cordee_auth;
