-- Organizations, people, groups, the audit trail and the queue of jobs.
-- Times are microseconds since 1970; ids are their text form; codes are positions in the enumerations of `repositories`.

CREATE TABLE tenants (
  id TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  initial_domain TEXT NOT NULL UNIQUE,
  chunk_key {bytes} NOT NULL,
  site_sharing BIGINT NOT NULL,
  personal_sharing BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE domains (
  name TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id)
);

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  kind BIGINT NOT NULL,
  principal_name TEXT NOT NULL,
  principal_key TEXT NOT NULL,
  display_name TEXT NOT NULL,
  mail TEXT,
  enabled BOOLEAN NOT NULL,
  password_hash TEXT,
  guest_state BIGINT,
  guest_state_at BIGINT,
  home_tenant_id TEXT,
  home_user_id TEXT,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT,
  tokens_valid_from BIGINT NOT NULL
);
-- A deleted object keeps its row for restore; its names are free again.
CREATE UNIQUE INDEX users_principal ON users (tenant_id, principal_key) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_home ON users (tenant_id, home_tenant_id, home_user_id) WHERE deleted_at IS NULL;

-- Every address a person is known by; one address means one person (A11).
CREATE TABLE user_addresses (
  tenant_id TEXT NOT NULL,
  address_key TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  PRIMARY KEY (tenant_id, address_key)
);
CREATE INDEX user_addresses_user ON user_addresses (user_id);

CREATE TABLE user_roles (
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  role BIGINT NOT NULL,
  PRIMARY KEY (user_id, role)
);

CREATE TABLE groups (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  kind BIGINT NOT NULL,
  display_name TEXT NOT NULL,
  site_id TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX groups_tenant ON groups (tenant_id, display_name);

CREATE TABLE group_members (
  tenant_id TEXT NOT NULL,
  group_id TEXT NOT NULL REFERENCES groups (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  added_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user ON group_members (tenant_id, user_id);

CREATE TABLE audit_events (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind BIGINT NOT NULL,
  actor TEXT,
  operation TEXT NOT NULL,
  target_id TEXT,
  site_id TEXT,
  item_id TEXT,
  details TEXT NOT NULL
);
CREATE INDEX audit_events_time ON audit_events (tenant_id, at);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  kind BIGINT NOT NULL,
  payload TEXT NOT NULL,
  state BIGINT NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  last_error TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (state, run_at);

-- Secrets of the cloud itself, such as the key that seals cursors; read through the operator's context only.
CREATE TABLE cloud_secrets (
  name TEXT PRIMARY KEY,
  value {bytes} NOT NULL
);
