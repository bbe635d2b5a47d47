"""Tables of persons and of what is known of them."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Date,
    Integer,
    SmallInt,
    Text,
    Timestamptz,
)

from cordee_core.database.tables import (
    PersonalTable,
    PersonTable,
    TenantKeyedTable,
)


class Person(PersonTable, tablename="persons"):
    """Somebody whom cases are about."""

    number = Text(default=None)
    family_name = Text(default=None, null=True)
    given_names = Text(default="")
    names = JSONB(default=[])
    birth_date = Date(default=None, null=True)
    birth_date_precision = Text(default=None, null=True)
    sex = Text(default=None, null=True)
    gender = Text(default=None, null=True)
    languages = Array(base_column=Text(), default=list)
    languages_read = Array(base_column=Text(), default=list)
    interpreter_needed = Boolean(default=None, null=True)
    phone = Text(default=None, null=True)
    email = Text(default=None, null=True)
    contact_points = JSONB(default=[])
    safe_contact = Text(default=None, null=True)
    extra = JSONB(default={})
    unanswered = JSONB(default={})
    secrecy = Text(default="none")
    protected = Boolean(default=False)
    disclosure = Text(default="full")
    merged_into = UUID(default=None, null=True)
    merged = Boolean(default=False)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class PersonAccess(TenantKeyedTable, tablename="person_access"):
    """A member who may know of a protected person: how much, and why."""

    member_id = UUID(default=None)
    person_id = UUID(default=None)
    source = Text(default=None)
    level = Text(default=None)
    reason = Text(default=None, null=True)
    granted_at = Timestamptz(default=None)
    granted_by = UUID(default=None, null=True)
    ended_at = Timestamptz(default=None, null=True)


class IdentifierKind(TenantKeyedTable, tablename="identifier_kinds"):
    """A kind of identifier that the tenant defined."""

    code = Text(default=None)
    title = JSONB(default=None)
    row_version = BigInt(default=1)


class PersonField(TenantKeyedTable, tablename="person_fields"):
    """A field that the tenant added to the record of every person."""

    code = Text(default=None)
    place = Integer(default=None)
    definition = JSONB(default=None)
    active = Boolean(default=True)
    row_version = BigInt(default=1)


class PersonIdentifier(
    PersonalTable, tablename="person_identifiers", rights="SELECT, INSERT, UPDATE, DELETE"
):
    """A number or code by which some system knows the person."""

    person_id = UUID(default=None)
    protected = Boolean(default=False)
    kind = Text(default=None)
    system = Text(default="")
    value = Text(default=None)
    added_at = Timestamptz(default=None)
    added_by = UUID(default=None)


class PersonToken(TenantKeyedTable, tablename="person_tokens", rights="SELECT, INSERT, DELETE"):
    """A folded word by which a person is found."""

    token = Text(default=None)
    person_id = UUID(default=None)
    weight = SmallInt(default=None)


class PersonChange(PersonalTable, tablename="person_changes", rights="SELECT, INSERT"):
    """One change of the record: which fields, who, when; never values."""

    person_id = UUID(default=None)
    protected = Boolean(default=False)
    kind = Text(default=None)
    fields = Array(base_column=Text(), default=list)
    reason = Text(default=None, null=True)
    changed_at = Timestamptz(default=None)
    changed_by = UUID(default=None, null=True)


class PersonMerge(PersonalTable, tablename="person_merges"):
    """A person whose record was merged into another's, and what moved with it."""

    person_id = UUID(default=None)
    protected = Boolean(default=False)
    target_id = UUID(default=None)
    reason = Text(default=None)
    moved = JSONB(default=None)
    merged_at = Timestamptz(default=None)
    merged_by = UUID(default=None)
    unmerged_at = Timestamptz(default=None, null=True)
    unmerged_by = UUID(default=None, null=True)
