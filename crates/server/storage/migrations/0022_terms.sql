-- Terms of use: agreements, each version's texts by language, and what people answered.

CREATE TABLE agreements (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  display_name TEXT NOT NULL,
  viewing_required BOOLEAN NOT NULL,
  -- Acceptances end at this time and after each further period.
  expires_from BIGINT,
  expires_every_s BIGINT,
  reaccept_every_s BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX agreements_tenant ON agreements (tenant_id);

CREATE TABLE agreement_files (
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  version BIGINT NOT NULL,
  language TEXT NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  is_default BOOLEAN NOT NULL,
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  content {bytes} NOT NULL,
  -- Whether who accepted an older version must accept this one.
  reaccept BOOLEAN NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (agreement_id, version, language)
);

CREATE TABLE agreement_responses (
  agreement_id TEXT NOT NULL REFERENCES agreements (id),
  user_id TEXT NOT NULL,
  answered_at BIGINT NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  version BIGINT NOT NULL,
  accepted BOOLEAN NOT NULL,
  PRIMARY KEY (agreement_id, user_id, answered_at)
);
