-- Sites, who may do what in them, and invitations.
-- Policy never deletes a permission: a lower sharing level masks it, a higher one unmasks it.

CREATE TABLE sites (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  display_name TEXT NOT NULL,
  sharing BIGINT NOT NULL,
  created_by TEXT,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX sites_name ON sites (tenant_id, name_key) WHERE deleted_at IS NULL;

-- A permission of a site has no drive and no item; one of an item has both.
CREATE TABLE permissions (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  site_id TEXT NOT NULL REFERENCES sites (id),
  drive_id TEXT,
  item_id TEXT,
  principal_kind BIGINT NOT NULL,
  principal_id TEXT NOT NULL,
  role BIGINT NOT NULL,
  created_by TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  CHECK ((drive_id IS NULL) = (item_id IS NULL))
);
-- One standing permission for each place and holder: what is taken away is taken away as a whole.
CREATE UNIQUE INDEX permissions_standing
  ON permissions (site_id, COALESCE(item_id, ''), principal_kind, principal_id) WHERE revoked_at IS NULL;
CREATE INDEX permissions_principal ON permissions (tenant_id, principal_id, site_id);
CREATE INDEX permissions_site ON permissions (tenant_id, site_id);
CREATE INDEX permissions_item ON permissions (tenant_id, item_id);

CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  guest_id TEXT NOT NULL REFERENCES users (id),
  email TEXT NOT NULL,
  ticket_hash {bytes} NOT NULL,
  redirect_url TEXT NOT NULL,
  message TEXT,
  created_by TEXT,
  created_at BIGINT NOT NULL,
  redeemed_at BIGINT
);
CREATE INDEX invitations_guest ON invitations (tenant_id, guest_id);
CREATE UNIQUE INDEX invitations_ticket ON invitations (ticket_hash);
