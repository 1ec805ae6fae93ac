-- Most bytes of all libraries of an organization together; none means no limit.
ALTER TABLE tenants ADD COLUMN content_quota BIGINT;
