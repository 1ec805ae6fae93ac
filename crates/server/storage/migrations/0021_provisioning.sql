-- Provisioning (SCIM): who may do it, and what a provisioning service calls the people and groups it keeps.

CREATE TABLE provisioning_tokens (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  display_name TEXT NOT NULL,
  token_hash {bytes} NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX provisioning_tokens_tenant ON provisioning_tokens (tenant_id);

CREATE TABLE provisioned_people (
  user_id TEXT PRIMARY KEY REFERENCES users (id),
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  external_id TEXT,
  given_name TEXT,
  family_name TEXT,
  modified_at BIGINT NOT NULL
);
CREATE INDEX provisioned_people_external ON provisioned_people (tenant_id, external_id);

-- A group that was deleted there is hidden from provisioning and stays here, without the members it had from there.
CREATE TABLE provisioned_groups (
  group_id TEXT PRIMARY KEY REFERENCES groups (id),
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  external_id TEXT,
  modified_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX provisioned_groups_tenant ON provisioned_groups (tenant_id);
