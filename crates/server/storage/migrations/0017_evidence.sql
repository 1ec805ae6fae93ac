-- What was proven in a sign-in, when, and for which organization. A line is a browser's session, a client's refresh
-- tokens (its family's id), or a code on its way from one to the other. Times only grow.

CREATE TABLE sign_in_evidence (
  tenant_id TEXT NOT NULL,
  line TEXT NOT NULL,
  kind BIGINT NOT NULL,
  place_id TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  -- None for families, which take it along when they go.
  expires_at BIGINT,
  PRIMARY KEY (tenant_id, line, kind, place_id)
);
CREATE INDEX sign_in_evidence_expiry ON sign_in_evidence (expires_at);
