-- Access review, and who is told about what is shared outside.

-- What was decided about a permission or link last. The decision stays when what it was about is gone.
CREATE TABLE access_decisions (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  subject TEXT NOT NULL,
  decision BIGINT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, subject)
);
CREATE INDEX permissions_page ON permissions (tenant_id, id) WHERE revoked_at IS NULL;
CREATE INDEX links_page ON links (tenant_id, id) WHERE revoked_at IS NULL;
CREATE INDEX guest_stays_end ON guest_stays (tenant_id, ends_at) WHERE ends_at IS NOT NULL;

-- 1 where owners are told; mailboxes, one a line, that are told of every invitation of somebody outside.
ALTER TABLE tenants ADD COLUMN tell_reshared BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tenants ADD COLUMN tell_accepted BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tenants ADD COLUMN tell_anyone_links BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tenants ADD COLUMN tell_mailboxes TEXT NOT NULL DEFAULT '';
-- When owners were warned last of guests whose time ends.
ALTER TABLE tenants ADD COLUMN stays_warned_at BIGINT NOT NULL DEFAULT 0;
