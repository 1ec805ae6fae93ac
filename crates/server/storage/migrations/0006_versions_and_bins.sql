-- Versions, the recycle bin in two stages, copies under way, and the index that search by name walks.
--
-- Columns that refer to a content, for whoever collects garbage: items.content_id and item_versions.content_id. Nothing
-- else here holds bytes: a purged item's row stays as a tombstone with an empty content_id, and copies refer to
-- contents through the items they make.

-- Who wrote the present content, and when; empty where it was written before this step.
ALTER TABLE items ADD COLUMN content_at BIGINT;
ALTER TABLE items ADD COLUMN content_by TEXT;
-- Search within a library walks names in their order.
CREATE INDEX items_search ON items (drive_id, name_key, id) WHERE deleted_at IS NULL;

-- Most versions of a file that are kept, the present one included.
ALTER TABLE drives ADD COLUMN version_limit BIGINT NOT NULL DEFAULT 500;

-- Contents that a file had before. The number is the content_version that the file had with it.
CREATE TABLE item_versions (
  item_id TEXT NOT NULL REFERENCES items (id),
  number BIGINT NOT NULL,
  tenant_id TEXT NOT NULL,
  drive_id TEXT NOT NULL,
  content_id {bytes} NOT NULL,
  quick_xor {bytes} NOT NULL,
  size BIGINT NOT NULL,
  file_modified_at BIGINT NOT NULL,
  written_at BIGINT NOT NULL,
  written_by TEXT,
  -- Set while it is in the recycle bin.
  deleted_at BIGINT,
  PRIMARY KEY (item_id, number),
  FOREIGN KEY (tenant_id, content_id) REFERENCES contents (tenant_id, id)
);
CREATE INDEX item_versions_content ON item_versions (tenant_id, content_id);

-- What can be brought back: one row for everything that one deletion took along, or for one deleted version.
CREATE TABLE bin_entries (
  item_id TEXT NOT NULL REFERENCES items (id),
  -- A deleted version's number; 0 for the item itself.
  version BIGINT NOT NULL,
  tenant_id TEXT NOT NULL,
  drive_id TEXT NOT NULL REFERENCES drives (id),
  deleted_at BIGINT NOT NULL,
  deleted_by TEXT,
  -- When it went on to the second stage.
  second_at BIGINT,
  PRIMARY KEY (item_id, version)
);
CREATE INDEX bin_entries_listed ON bin_entries (drive_id, deleted_at);
CREATE INDEX bin_entries_age ON bin_entries (deleted_at);

-- What was deleted before this step.
INSERT INTO bin_entries (item_id, version, tenant_id, drive_id, deleted_at, deleted_by)
  SELECT id, 0, tenant_id, drive_id, deleted_at, deleted_by FROM items
   WHERE deleted_with = id AND deleted_at IS NOT NULL;

-- Copies: what a person asked for and how far it is. The secret opens the monitor; only its hash is kept.
CREATE TABLE copies (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  secret_hash {bytes} NOT NULL,
  user_id TEXT NOT NULL,
  user_kind BIGINT NOT NULL,
  home_tenant_id TEXT NOT NULL,
  home_user_id TEXT NOT NULL,
  source_drive_id TEXT NOT NULL,
  target_drive_id TEXT NOT NULL,
  -- The copy that was made of the item itself.
  target_item_id TEXT NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  state BIGINT NOT NULL,
  error_code TEXT,
  error_text TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX copies_expiry ON copies (expires_at);

-- Folders whose children are still to be copied, in the order in which they were found.
CREATE TABLE copy_folders (
  copy_id TEXT NOT NULL REFERENCES copies (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  tenant_id TEXT NOT NULL,
  source_id TEXT NOT NULL,
  target_id TEXT NOT NULL,
  -- The last child that was copied, in the order of ids.
  after_id TEXT,
  PRIMARY KEY (copy_id, position)
);
