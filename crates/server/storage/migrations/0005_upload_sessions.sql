-- Upload sessions of Graph: a content that arrives in fragments. Its bytes are chunks leased by the upload of the same
-- id; the session outlives that upload, so that the answer of its end can be repeated.

CREATE TABLE upload_sessions (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  drive_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  -- What shall be written, in the form of `drive`.
  target TEXT NOT NULL,
  total BIGINT,
  finished_item TEXT,
  finished_new BIGINT,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX upload_sessions_expiry ON upload_sessions (expires_at);

-- The bytes that arrived: what was cut into chunks (kind 0), and what waits at the end to be cut (kind 1).
CREATE TABLE upload_parts (
  session_id TEXT NOT NULL REFERENCES upload_sessions (id) ON DELETE CASCADE,
  kind BIGINT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  tenant_id TEXT NOT NULL,
  hash {bytes} NOT NULL,
  PRIMARY KEY (session_id, kind, starts_at)
);
