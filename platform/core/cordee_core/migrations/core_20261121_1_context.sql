-- The signed context: who acts, verified in SQL without any extension.
-- Keys are stored as the two pads of HMAC (RFC 2104), readable only by the definer function.

CREATE SCHEMA ctx;
CREATE SCHEMA auth;
CREATE SCHEMA core;
GRANT USAGE ON SCHEMA ctx TO cordee_app, cordee_relay, cordee_auth;
GRANT USAGE ON SCHEMA auth TO cordee_app, cordee_auth;
GRANT USAGE ON SCHEMA core TO cordee_app, cordee_relay;

GRANT CREATE ON SCHEMA ctx TO cordee_auth;

CREATE TABLE ctx.keys (
    kid text PRIMARY KEY CHECK (kid ~ '^[a-z0-9_-]{1,32}$'),
    inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64),
    added_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON ctx.keys TO cordee_auth;

-- Returns the claims {tenant, member, purpose, expiry (epoch seconds), key id} of this
-- transaction's context; NULL without a context; an error with a forged or an expired one.
-- Every policy of every table in a statement calls it: what is signed is not looked at before
-- the signature holds, and was well formed when it was signed.
CREATE FUNCTION ctx.claims() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    raw text := current_setting('cordee.context', true);
    part text[];
    message text;
    inside bytea;
    outside bytea;
BEGIN
    IF raw IS NULL OR raw = '' THEN
        RETURN NULL;
    END IF;
    part := string_to_array(raw, '|');
    message := left(raw, -65);
    SELECT k.inner_pad, k.outer_pad INTO inside, outside FROM ctx.keys k WHERE k.kid = part[5];
    IF NOT FOUND OR array_length(part, 1) <> 6 OR raw <> message || '|' || encode(sha256(
        outside || sha256(inside || convert_to(message, 'UTF8'))), 'hex') THEN
        RAISE EXCEPTION 'context does not verify' USING ERRCODE = 'CX001';
    END IF;
    IF part[4]::bigint <= extract(epoch FROM statement_timestamp()) THEN
        RAISE EXCEPTION 'context has expired' USING ERRCODE = 'CX002';
    END IF;
    RETURN part[1:5];
END $$;
REVOKE ALL ON FUNCTION ctx.claims() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ctx.claims() TO cordee_app, cordee_owner;
ALTER FUNCTION ctx.claims() OWNER TO cordee_auth;

-- Records a migration of the plugin whose role is logged in, in the transaction that ran it.
CREATE FUNCTION ctx.record_migration(file text, digest text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO migrations.applied (app, name, sha256)
    SELECT substr(session_user, 8), file, digest WHERE session_user LIKE 'cordee\_plugin\_%'
$$;
REVOKE ALL ON FUNCTION ctx.record_migration(text, text) FROM PUBLIC;
ALTER FUNCTION ctx.record_migration(text, text) OWNER TO cordee_auth;
GRANT USAGE ON SCHEMA migrations TO cordee_auth;
GRANT INSERT ON migrations.applied TO cordee_auth;
REVOKE CREATE ON SCHEMA ctx FROM cordee_auth;

CREATE FUNCTION ctx.tenant() RETURNS uuid LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$BEGIN RETURN (ctx.claims())[1]; END$$;
CREATE FUNCTION ctx.member() RETURNS uuid LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$BEGIN RETURN nullif((ctx.claims())[2], ''); END$$;
REVOKE ALL ON FUNCTION ctx.tenant(), ctx.member() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ctx.tenant(), ctx.member() TO cordee_app, cordee_auth, cordee_owner;

-- Gives a table the policies and rights of its class; what the catalogue linter expects.
-- tenant: own rows. shared: own rows, and for reading also those shared to this tenant.
-- granted: own rows, and for reading also those that name this tenant as recipient.
-- person: tenant, and a person of whom nothing is disclosed only for members with access.
-- personal: tenant, and rows about a protected person only for members with full access.
-- outbox: tenant, plus what the relay needs (its columns are granted beside this).
-- reference: the application reads. global: no right for the application.
CREATE FUNCTION ctx.secure(target regclass, class text, rights text DEFAULT 'SELECT, INSERT, UPDATE')
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text := 'tenant_id = (SELECT ctx.tenant())';
    seen text := own;
    known text := '%1$s IN (SELECT a.person_id FROM core.person_access a'
        ' WHERE a.member_id = (SELECT ctx.member()) AND a.ended_at IS NULL%2$s)'
        ' OR (SELECT ctx.member()) IS NULL';
    of text := CASE class WHEN 'person' THEN 'id' ELSE 'person_id' END;
BEGIN
    IF class NOT IN
        ('tenant', 'person', 'personal', 'shared', 'granted', 'outbox', 'reference', 'global') THEN
        RAISE EXCEPTION 'no such class of table: %', class;
    END IF;
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, cordee_app, cordee_relay', target);
    IF class = 'global' THEN
        RETURN;
    ELSIF class = 'reference' THEN
        EXECUTE format('GRANT SELECT ON %s TO cordee_app', target);
        RETURN;
    END IF;
    IF class = 'shared' THEN
        seen := own || ' OR (tenant_id, case_id) IN (SELECT s.tenant_id, s.case_id FROM core.shares s'
            ' WHERE s.recipient_id = (SELECT ctx.tenant()) AND s.starts_at <= statement_timestamp()'
            ' AND s.ends_at > statement_timestamp())';
    ELSIF class = 'granted' THEN
        seen := own || ' OR recipient_id = (SELECT ctx.tenant())';
    END IF;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY base ON %s AS PERMISSIVE FOR ALL TO cordee_app USING (true) WITH CHECK (true)', target);
    EXECUTE format('CREATE POLICY own_select ON %s AS RESTRICTIVE FOR SELECT TO cordee_app USING (%s)', target, seen);
    EXECUTE format('CREATE POLICY own_insert ON %s AS RESTRICTIVE FOR INSERT TO cordee_app WITH CHECK (%s)', target, own);
    EXECUTE format('CREATE POLICY own_update ON %s AS RESTRICTIVE FOR UPDATE TO cordee_app USING (%s) WITH CHECK (%s)', target, own, own);
    EXECUTE format('CREATE POLICY own_delete ON %s AS RESTRICTIVE FOR DELETE TO cordee_app USING (%s)', target, own);
    EXECUTE format('GRANT %s ON %s TO cordee_app', rights, target);
    IF class IN ('person', 'personal') THEN
        -- Without a member the tenant's own job acts; a request always has one.
        seen := 'NOT protected OR ' || format(known, of, ' AND a.level = ''full''');
        EXECUTE format('CREATE POLICY known_update ON %s AS RESTRICTIVE FOR UPDATE TO cordee_app USING (%s)', target, seen);
        EXECUTE format('CREATE POLICY known_delete ON %s AS RESTRICTIVE FOR DELETE TO cordee_app USING (%s)', target, seen);
        IF class = 'person' THEN
            seen := 'disclosure <> ''none'' OR ' || format(known, of, '');
        END IF;
        EXECUTE format('CREATE POLICY known_select ON %s AS RESTRICTIVE FOR SELECT TO cordee_app USING (%s)', target, seen);
    END IF;
    IF class = 'outbox' THEN
        EXECUTE format('CREATE POLICY relay ON %s AS PERMISSIVE FOR ALL TO cordee_relay USING (true) WITH CHECK (true)', target);
    END IF;
END $$;
REVOKE ALL ON FUNCTION ctx.secure(regclass, text, text) FROM PUBLIC;
