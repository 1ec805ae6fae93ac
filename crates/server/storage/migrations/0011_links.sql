-- Sharing links, whom they name, and one-time codes for people outside without an account here.
-- Of a link's secret, a code and a session only a hash is kept. Policy never deletes a link: a level masks it.

-- What a person got by opening a link stands beside what they were given by name, and ends with the link.
ALTER TABLE permissions ADD COLUMN link_id TEXT;
DROP INDEX permissions_standing;
CREATE UNIQUE INDEX permissions_standing
  ON permissions (site_id, COALESCE(item_id, ''), principal_kind, principal_id, COALESCE(link_id, ''))
  WHERE revoked_at IS NULL;
CREATE INDEX permissions_link ON permissions (tenant_id, link_id);

-- 1 where sharing with people outside makes guests, 0 where they get a code.
ALTER TABLE tenants ADD COLUMN guest_integration BIGINT NOT NULL DEFAULT 1;

-- What the secrets of a tenant's links are derived from, so that a link can be shown again without being kept.
CREATE TABLE link_keys (
  tenant_id TEXT PRIMARY KEY REFERENCES tenants (id),
  value {bytes} NOT NULL
);

CREATE TABLE links (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  site_id TEXT NOT NULL REFERENCES sites (id),
  drive_id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  kind BIGINT NOT NULL,
  role BIGINT NOT NULL,
  token_hash {bytes} NOT NULL,
  password_hash TEXT,
  created_by TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  wrong_passwords BIGINT NOT NULL DEFAULT 0,
  wrong_since BIGINT
);
CREATE UNIQUE INDEX links_token ON links (token_hash);
CREATE INDEX links_item ON links (tenant_id, item_id);
CREATE INDEX links_site ON links (tenant_id, site_id);

-- A recipient is a person of the directory (0) or an address alone (1).
CREATE TABLE link_recipients (
  tenant_id TEXT NOT NULL,
  link_id TEXT NOT NULL REFERENCES links (id),
  recipient_kind BIGINT NOT NULL,
  recipient TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (link_id, recipient_kind, recipient)
);

-- The newest code for an address at a link, and how many were mailed lately.
CREATE TABLE passcodes (
  tenant_id TEXT NOT NULL,
  link_id TEXT NOT NULL REFERENCES links (id),
  address_key TEXT NOT NULL,
  code_hash {bytes},
  expires_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  sent BIGINT NOT NULL,
  counted_since BIGINT NOT NULL,
  PRIMARY KEY (link_id, address_key)
);
CREATE INDEX passcodes_expiry ON passcodes (expires_at);

CREATE TABLE passcode_sessions (
  token_hash {bytes} PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  address_key TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX passcode_sessions_expiry ON passcode_sessions (expires_at);
