-- Which chunks a content consists of, since when a content is used by nothing, and what is to be removed or is damaged.
-- Both databases refuse to forget a content that an item refers to and a chunk that a content or an upload counts on:
-- whatever goes wrong in collecting garbage, what is referenced stays.

-- When it was first seen that nothing refers to the content any more.
ALTER TABLE contents ADD COLUMN unused_since BIGINT;
-- 1 when its chunks stand in content_chunks; contents of before this step are listed by the collector.
ALTER TABLE contents ADD COLUMN chunks_listed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX contents_unlisted ON contents (tenant_id) WHERE chunks_listed = 0;
-- The last part of its object's name, never used twice; none when its bytes are here. Before this step it was empty.
ALTER TABLE chunks ADD COLUMN object TEXT;
UPDATE chunks SET object = '' WHERE bytes IS NULL;

CREATE INDEX items_content ON items (tenant_id, content_id) WHERE content_id IS NOT NULL;

CREATE TABLE content_chunks (
  tenant_id TEXT NOT NULL,
  chunk_id {bytes} NOT NULL,
  content_id {bytes} NOT NULL,
  PRIMARY KEY (tenant_id, chunk_id, content_id),
  FOREIGN KEY (tenant_id, chunk_id) REFERENCES chunks (tenant_id, id)
);

-- Leases say now from which item a chunk was promised. Uploads on their way are offered again.
DROP TABLE upload_chunks;
DELETE FROM upload_sessions;
DELETE FROM uploads;
CREATE TABLE upload_chunks (
  upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
  tenant_id TEXT NOT NULL,
  chunk_id {bytes} NOT NULL,
  -- None: it arrived.
  base_item_id TEXT,
  PRIMARY KEY (upload_id, chunk_id),
  FOREIGN KEY (tenant_id, chunk_id) REFERENCES chunks (tenant_id, id)
);
CREATE INDEX upload_chunks_chunk ON upload_chunks (tenant_id, chunk_id);

-- Objects no chunk refers to any more; each is removed and then forgotten.
CREATE TABLE doomed_objects (
  tenant_id TEXT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (tenant_id, place)
);

-- Chunks whose bytes were found missing or wrong. Nothing is removed because of it; sent again, they heal.
CREATE TABLE damaged_chunks (
  tenant_id TEXT NOT NULL,
  chunk_id {bytes} NOT NULL,
  damage BIGINT NOT NULL,
  found_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, chunk_id)
);

-- How far reading back has come, per tenant.
CREATE TABLE scrubs (
  tenant_id TEXT PRIMARY KEY,
  after {bytes} NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT
);

{postgres} ALTER TABLE items ADD FOREIGN KEY (tenant_id, content_id) REFERENCES contents (tenant_id, id);
{sqlite} CREATE TRIGGER contents_are_used BEFORE DELETE ON contents WHEN EXISTS (SELECT 1 FROM items WHERE tenant_id = OLD.tenant_id AND content_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: an item refers to the content'); END;
{sqlite} CREATE TRIGGER items_refer_to_contents BEFORE INSERT ON items WHEN NEW.content_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contents WHERE tenant_id = NEW.tenant_id AND id = NEW.content_id) BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: the content does not exist'); END;
{sqlite} CREATE TRIGGER items_change_to_contents BEFORE UPDATE OF content_id ON items WHEN NEW.content_id IS NOT NULL AND NEW.content_id IS NOT OLD.content_id AND NOT EXISTS (SELECT 1 FROM contents WHERE tenant_id = NEW.tenant_id AND id = NEW.content_id) BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: the content does not exist'); END;
