-- Items with permissions of their own: nothing given above them counts there.
CREATE TABLE own_permissions (
  drive_id TEXT NOT NULL REFERENCES drives (id),
  item_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  since BIGINT NOT NULL,
  made_by TEXT,
  PRIMARY KEY (drive_id, item_id)
);

-- A personal drive is the library of a site that belongs to one person.
ALTER TABLE sites ADD COLUMN personal_of TEXT;
CREATE UNIQUE INDEX sites_personal ON sites (tenant_id, personal_of) WHERE personal_of IS NOT NULL AND deleted_at IS NULL;
