"""Tables of accounts and keys: the application has no right on any of them."""

from piccolo.columns import UUID, Bytea, Text, Timestamptz

from cordee_core.database.tables import GlobalTable


class ContextKey(GlobalTable, tablename="keys", schema="ctx"):
    """The pads of a context key."""

    kid = Text(primary_key=True, default=None)
    inner_pad = Bytea(default=None)
    outer_pad = Bytea(default=None)
    added_at = Timestamptz(default=None)


class Account(GlobalTable, tablename="accounts", schema="auth"):
    """Somebody who signs in, in one tenant or several."""

    id = UUID(primary_key=True, default=None)
    email = Text(default=None)
    created_at = Timestamptz(default=None)


class Token(GlobalTable, tablename="tokens", schema="auth"):
    """A bearer token as a hash: one membership."""

    token_hash = Bytea(primary_key=True, default=None)
    tenant_id = UUID(default=None)
    member_id = UUID(default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    revoked_at = Timestamptz(default=None, null=True)


class InvitationCode(GlobalTable, tablename="invitation_codes", schema="auth"):
    """An invitation code as a hash."""

    code_hash = Bytea(primary_key=True, default=None)
    tenant_id = UUID(default=None)
    invitation_id = UUID(default=None)
    expires_at = Timestamptz(default=None)


class TenantSlug(GlobalTable, tablename="tenant_slugs", schema="auth"):
    """A short name, unique over all tenants."""

    slug = Text(primary_key=True, default=None)
    tenant_id = UUID(default=None)


class AccessStamp(GlobalTable, tablename="access_stamps", schema="auth"):
    """What changes with whatever decides who may do what in a tenant."""

    tenant_id = UUID(primary_key=True, default=None)
    stamp = UUID(default=None)
