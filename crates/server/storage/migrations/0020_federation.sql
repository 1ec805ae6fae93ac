-- Where an organization's members sign in outside this cloud. The client's secret must be sent as it is, so it is kept so.

CREATE TABLE federations (
  tenant_id TEXT PRIMARY KEY REFERENCES tenants (id),
  display_name TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  authentication BIGINT NOT NULL,
  client_secret TEXT,
  addresses BIGINT NOT NULL,
  newcomers BIGINT NOT NULL,
  state BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL
);

-- Who is who: one member for each subject of an issuer, and one subject of an issuer for each member.
CREATE TABLE federated_subjects (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  bound_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, issuer, subject)
);
CREATE UNIQUE INDEX federated_subjects_user ON federated_subjects (tenant_id, issuer, user_id);
