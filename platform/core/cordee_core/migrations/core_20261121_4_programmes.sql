-- Programmes and models with their versions: a case keeps the versions it was decided under.

CREATE TABLE core.models (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 100),
    template_code text,
    adaptation jsonb,
    definition jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code)
);
SELECT ctx.secure('core.models', 'tenant');

CREATE TABLE core.model_versions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    model_id uuid NOT NULL,
    version integer NOT NULL,
    definition jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, model_id, version),
    FOREIGN KEY (tenant_id, model_id) REFERENCES core.models (tenant_id, id)
);
SELECT ctx.secure('core.model_versions', 'tenant', 'SELECT, INSERT');

CREATE TABLE core.programmes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 100),
    status text NOT NULL CHECK (status IN ('draft', 'active', 'ended')),
    template_code text,
    adaptation jsonb,
    definition jsonb NOT NULL,
    model_id uuid,
    version integer NOT NULL DEFAULT 0,
    activated_at timestamptz,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, model_id) REFERENCES core.models (tenant_id, id)
);
SELECT ctx.secure('core.programmes', 'tenant');

CREATE TABLE core.programme_versions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    programme_id uuid NOT NULL,
    version integer NOT NULL,
    definition jsonb NOT NULL,
    model_version_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, programme_id, version),
    FOREIGN KEY (tenant_id, programme_id) REFERENCES core.programmes (tenant_id, id),
    FOREIGN KEY (tenant_id, model_version_id) REFERENCES core.model_versions (tenant_id, id)
);
SELECT ctx.secure('core.programme_versions', 'tenant', 'SELECT, INSERT');
