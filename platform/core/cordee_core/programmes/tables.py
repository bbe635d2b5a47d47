"""Tables of programmes and models."""

from piccolo.columns import JSONB, UUID, BigInt, Integer, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Model(TenantTable, tablename="models"):
    """How the organisation carries programmes out."""

    code = Text(default=None)
    template_code = Text(default=None, null=True)
    adaptation = JSONB(default=None, null=True)
    definition = JSONB(default=None)
    version = Integer(default=None)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class ModelVersion(TenantTable, tablename="model_versions", rights="SELECT, INSERT"):
    """A model as it was at one time."""

    model_id = UUID(default=None)
    version = Integer(default=None)
    definition = JSONB(default=None)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)


class Programme(TenantTable, tablename="programmes"):
    """Why, for whom, which objectives; its definition is the one being edited."""

    code = Text(default=None)
    status = Text(default=None)
    template_code = Text(default=None, null=True)
    adaptation = JSONB(default=None, null=True)
    definition = JSONB(default=None)
    model_id = UUID(default=None, null=True)
    version = Integer(default=0)
    activated_at = Timestamptz(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class ProgrammeVersion(TenantTable, tablename="programme_versions", rights="SELECT, INSERT"):
    """A programme as it was activated, with the version of its model."""

    programme_id = UUID(default=None)
    version = Integer(default=None)
    definition = JSONB(default=None)
    model_version_id = UUID(default=None)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)


class Method(TenantTable, tablename="methods"):
    """How an episode of support is done."""

    code = Text(default=None)
    template_code = Text(default=None, null=True)
    adaptation = JSONB(default=None, null=True)
    definition = JSONB(default=None)
    version = Integer(default=None)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class MethodVersion(TenantTable, tablename="method_versions", rights="SELECT, INSERT"):
    """A method as it was at one time."""

    method_id = UUID(default=None)
    version = Integer(default=None)
    definition = JSONB(default=None)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)


class Vocabulary(TenantTable, tablename="vocabularies"):
    """A closed list of codes and labels of the organisation."""

    code = Text(default=None)
    template_code = Text(default=None, null=True)
    adaptation = JSONB(default=None, null=True)
    definition = JSONB(default=None)
    version = Integer(default=None)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class VocabularyVersion(TenantTable, tablename="vocabulary_versions", rights="SELECT, INSERT"):
    """A vocabulary as it was at one time."""

    vocabulary_id = UUID(default=None)
    version = Integer(default=None)
    definition = JSONB(default=None)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)


class ProgrammeModel(TenantTable, tablename="programme_models"):
    """A model that carries a programme out; `checked_*` were last checked together."""

    programme_id = UUID(default=None)
    model_id = UUID(default=None)
    added_at = Timestamptz(default=None)
    added_by = UUID(default=None)
    ended_at = Timestamptz(default=None, null=True)
    checked_programme_version = Integer(default=None, null=True)
    checked_model_version = Integer(default=None, null=True)
    checked_at = Timestamptz(default=None, null=True)
    checked_by = UUID(default=None, null=True)
    row_version = BigInt(default=1)
