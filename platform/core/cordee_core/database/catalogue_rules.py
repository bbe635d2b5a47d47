"""Rules of the catalogue linter that are one query each: what it returns breaks the rule."""

# ruff: noqa: S608 - put together from constants of this package only

from cordee_core.database.catalogue import SCHEMAS

_RELATIONS = f"""
SELECT n.nspname || '.' || c.relname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {SCHEMAS} AND """
_FUNCTIONS = f"""
SELECT n.nspname || '.' || p.proname FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {SCHEMAS} AND """
_OWNS_NOTHING = "IN ('cordee_app', 'cordee_relay')"
_PLUGIN = "LIKE 'cordee\\_plugin\\_%'"

RULES = {
    "L05 view without security_invoker": f"""{_RELATIONS} c.relkind = 'v'
        AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)""",
    "L06 materialised view": f"{_RELATIONS} c.relkind = 'm'",
    "L07 definer function without its own search_path": f"""{_FUNCTIONS} p.prosecdef AND NOT EXISTS
        (SELECT 1 FROM unnest(p.proconfig) o WHERE o ~ '^search_path=pg_catalog(, pg_temp)?$')""",
    "L08 definer function that everybody runs or another role owns": f"""{_FUNCTIONS} p.prosecdef
        AND (has_function_privilege('public', p.oid, 'EXECUTE')
            OR pg_get_userbyid(p.proowner) <> 'cordee_auth')""",
    "L09 sequence": f"{_RELATIONS} c.relkind = 'S'",
    "L10 role with too much power": f"""
        SELECT r.rolname FROM pg_roles r WHERE (r.rolname IN ('cordee_app', 'cordee_relay',
            'cordee_auth', 'cordee_owner', 'cordee_migrator') OR r.rolname {_PLUGIN})
            AND (r.rolsuper OR r.rolbypassrls OR r.rolcreatedb OR r.rolreplication
                OR r.rolcreaterole AND r.rolname <> 'cordee_migrator')
        UNION SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
        WHERE r.rolname IN ('cordee_app', 'cordee_relay', 'cordee_auth') OR r.rolname {_PLUGIN}""",
    "L11 owned by the wrong role": f"""{_RELATIONS} c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
        AND pg_get_userbyid(c.relowner) <> CASE WHEN n.nspname LIKE 'plugin\\_%'
            THEN 'cordee_' || n.nspname ELSE 'cordee_owner' END
        UNION {_FUNCTIONS} pg_get_userbyid(p.proowner) {_OWNS_NOTHING}
        UNION SELECT n.nspname FROM pg_namespace n
        WHERE pg_get_userbyid(n.nspowner) {_OWNS_NOTHING}""",
    "L17 row rule that rewrites statements": f"""{_RELATIONS} c.relkind IN ('r', 'p')
        AND EXISTS (SELECT 1 FROM pg_rewrite w WHERE w.ev_class = c.oid)""",
    "L18 default right for the application or everybody": f"""
        SELECT pg_get_userbyid(d.defaclrole) FROM pg_default_acl d, aclexplode(d.defaclacl) x
        WHERE d.defaclobjtype IN ('r', 'S', 'n')
            AND (x.grantee = 0 OR pg_get_userbyid(x.grantee) {_OWNS_NOTHING})""",
    "L19 schema or database in which a role that does not own it may create": f"""
        SELECT n.nspname::text FROM pg_namespace n, aclexplode(n.nspacl) x
        WHERE {SCHEMAS} AND x.privilege_type = 'CREATE' AND x.grantee <> n.nspowner
        UNION SELECT d.datname FROM pg_database d WHERE d.datname = current_database()
            AND (has_database_privilege('cordee_app', d.oid, 'CREATE')
                OR has_database_privilege('cordee_relay', d.oid, 'CREATE'))""",
}
"""Each rule's query."""
