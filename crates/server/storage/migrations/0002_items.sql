-- Drives, items, the log of changes, contents and chunks, uploads, answered operations, and who had which root.
-- A change of a drive takes the drive's row first, which orders all changes of a drive on either database.

CREATE TABLE drives (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  site_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  root_item_id TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  epoch TEXT NOT NULL,
  quota BIGINT,
  used BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX drives_name ON drives (tenant_id, site_id, name_key);

CREATE TABLE items (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  drive_id TEXT NOT NULL REFERENCES drives (id),
  parent_id TEXT REFERENCES items (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  kind BIGINT NOT NULL,
  size BIGINT NOT NULL,
  content_id {bytes},
  quick_xor {bytes},
  version BIGINT NOT NULL,
  content_version BIGINT NOT NULL,
  file_created_at BIGINT NOT NULL,
  file_modified_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT,
  modified_at BIGINT NOT NULL,
  modified_by TEXT,
  sequence BIGINT NOT NULL,
  operation TEXT,
  deleted_at BIGINT,
  deleted_by TEXT,
  -- The item whose deletion took this one along. A deleted item keeps its parent: that is where it was.
  deleted_with TEXT
);
CREATE UNIQUE INDEX items_name ON items (parent_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX items_children ON items (parent_id, id);
CREATE INDEX items_deleted ON items (deleted_with) WHERE deleted_with IS NOT NULL;

CREATE TABLE item_changes (
  drive_id TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  tenant_id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  kind BIGINT NOT NULL,
  old_parent_id TEXT,
  new_parent_id TEXT,
  operation TEXT,
  PRIMARY KEY (drive_id, sequence)
);
CREATE INDEX item_changes_item ON item_changes (item_id, sequence);

-- Answers to operations, kept so that a repeat gets the first answer.
CREATE TABLE drive_operations (
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  digest {bytes} NOT NULL,
  outcome TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, operation)
);
CREATE INDEX drive_operations_age ON drive_operations (at);

CREATE TABLE contents (
  tenant_id TEXT NOT NULL,
  id {bytes} NOT NULL,
  size BIGINT NOT NULL,
  quick_xor {bytes} NOT NULL,
  manifest {bytes} NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- A chunk's bytes are here while they are few, else in object storage under the chunk's id.
CREATE TABLE chunks (
  tenant_id TEXT NOT NULL,
  id {bytes} NOT NULL,
  length BIGINT NOT NULL,
  quick_xor {bytes} NOT NULL,
  created_at BIGINT NOT NULL,
  bytes {bytes},
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  drive_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  manifest {bytes} NOT NULL,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX uploads_expiry ON uploads (expires_at);

-- Chunks an upload may count on: they arrived in it, or were promised when it was offered. Both are leases.
CREATE TABLE upload_chunks (
  upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
  tenant_id TEXT NOT NULL,
  chunk_id {bytes} NOT NULL,
  PRIMARY KEY (upload_id, chunk_id)
);
CREATE INDEX upload_chunks_chunk ON upload_chunks (tenant_id, chunk_id);

-- Who was told about a root: the proof that somebody had access, kept when the access ends.
CREATE TABLE sync_roots (
  tenant_id TEXT NOT NULL,
  drive_id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  home_tenant_id TEXT NOT NULL,
  home_user_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, drive_id, item_id, home_tenant_id, home_user_id)
);
