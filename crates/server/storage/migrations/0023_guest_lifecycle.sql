-- A deleted guest is gone for good after 30 days: nothing of the person is left but the ids that audit records name.
ALTER TABLE users ADD COLUMN purged_at BIGINT;
CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
