-- Sign-ins and what policies said to them; kept for a while only.
CREATE TABLE sign_ins (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  user_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  address TEXT,
  platform TEXT,
  client_app TEXT NOT NULL,
  refused BIGINT
);
CREATE INDEX sign_ins_tenant ON sign_ins (tenant_id, at);
CREATE INDEX sign_ins_user ON sign_ins (tenant_id, user_id, at);

CREATE TABLE sign_in_policies (
  sign_in_id TEXT NOT NULL REFERENCES sign_ins (id) ON DELETE CASCADE,
  policy_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  state BIGINT NOT NULL,
  result BIGINT NOT NULL,
  PRIMARY KEY (sign_in_id, policy_id)
);
