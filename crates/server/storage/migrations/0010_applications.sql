-- Programs of an organization that act as themselves. Their secret is stored as its SHA-256 only.

CREATE TABLE applications (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  -- Names of permissions, separated by spaces.
  permissions TEXT NOT NULL,
  secret_hash {bytes} NOT NULL,
  secret_expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX applications_tenant ON applications (tenant_id);
