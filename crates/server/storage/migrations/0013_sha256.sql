-- SHA-256 of contents, made some time after they were stored. A content without one is itself the job that makes it:
-- the row is queued by the commit that stores it, and contents of before this step are queued by it.

-- SHA-256 of the bytes; none until it was made.
ALTER TABLE contents ADD COLUMN sha256 {bytes};
-- Not before when it is made: later than the creation when the bytes could not be read.
ALTER TABLE contents ADD COLUMN hash_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX contents_unhashed ON contents (hash_at, tenant_id, id) WHERE sha256 IS NULL;
