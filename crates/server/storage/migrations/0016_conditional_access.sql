-- Conditional access policies. Their conditions and controls are rows: `part` says where a value stands, such as
-- `in.user`, `out.group`, `client` or `control`; the value `*` is everything.

CREATE TABLE access_policies (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  display_name TEXT NOT NULL,
  state BIGINT NOT NULL,
  operator BIGINT NOT NULL,
  sign_in_every_s BIGINT,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL
);
CREATE INDEX access_policies_tenant ON access_policies (tenant_id);

CREATE TABLE access_policy_parts (
  policy_id TEXT NOT NULL REFERENCES access_policies (id),
  part TEXT NOT NULL,
  value TEXT NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  PRIMARY KEY (policy_id, part, value)
);
CREATE INDEX access_policy_parts_tenant ON access_policy_parts (tenant_id);

-- Goes up with every change of the policies, so that a server knows whether those it remembers are still the ones.
ALTER TABLE tenants ADD COLUMN access_revision BIGINT NOT NULL DEFAULT 0;
