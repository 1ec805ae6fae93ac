-- Second factors, kept by the organization that asks for them: members' at home, guests' on the guest object.
-- `sealed` is the secret of an authenticator app, encrypted with a key of the cloud.

CREATE TABLE factors (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  user_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  sealed {bytes} NOT NULL,
  -- The time step of the last code that was accepted: it and older ones are not accepted again.
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX factors_user ON factors (tenant_id, user_id);

CREATE TABLE recovery_codes (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  user_id TEXT NOT NULL,
  code_hash {bytes} NOT NULL,
  PRIMARY KEY (tenant_id, user_id, code_hash)
);

-- Wrong codes since the last right one.
CREATE TABLE factor_attempts (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  user_id TEXT NOT NULL,
  wrong BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
);
