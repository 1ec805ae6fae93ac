-- Sign-in state: sessions, codes, refresh tokens, consents, signing keys.
-- What a browser or client holds as a secret is stored as its SHA-256 only.

CREATE TABLE sessions (
  token_hash {bytes} PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (tenant_id, user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- One family per client and device: its tokens replace one another and die together.
CREATE TABLE refresh_families (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX refresh_families_user ON refresh_families (tenant_id, user_id);

CREATE TABLE refresh_tokens (
  token_hash {bytes} PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  family_id TEXT NOT NULL REFERENCES refresh_families (id),
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  replaced_at BIGINT
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- `tenant_id` is the home of the person who signed in, `resource_tenant_id` the organization the code is for.
CREATE TABLE authorization_codes (
  code_hash {bytes} PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  resource_tenant_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  scope TEXT NOT NULL,
  nonce TEXT,
  challenge TEXT,
  expires_at BIGINT NOT NULL,
  spent_at BIGINT,
  family_id TEXT
);
CREATE INDEX authorization_codes_expiry ON authorization_codes (expires_at);

-- A device asks before anybody signed in, so no tenant is known until the request is answered.
CREATE TABLE device_codes (
  device_hash {bytes} PRIMARY KEY,
  user_code_hash {bytes} NOT NULL UNIQUE,
  client_id TEXT NOT NULL,
  resource_tenant_id TEXT,
  scope TEXT NOT NULL,
  state BIGINT NOT NULL,
  home_tenant_id TEXT,
  home_user_id TEXT,
  polled_at BIGINT,
  expires_at BIGINT NOT NULL
);
CREATE INDEX device_codes_expiry ON device_codes (expires_at);

CREATE TABLE consents (
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, subject)
);

-- Keys the cloud signs tokens with; the highest position signs, all are published.
CREATE TABLE signing_keys (
  position BIGINT PRIMARY KEY,
  key_id TEXT NOT NULL UNIQUE,
  private_key {bytes} NOT NULL,
  created_at BIGINT NOT NULL
);
