-- The audit trail as it is asked about, and the seals that show whether it was touched.
ALTER TABLE audit_events ADD COLUMN client_address TEXT;
ALTER TABLE audit_events ADD COLUMN user_agent TEXT;
-- Number of the seal that holds the record; NULL until a seal is made.
ALTER TABLE audit_events ADD COLUMN seal BIGINT;
CREATE INDEX audit_events_seal ON audit_events (tenant_id, seal, at);
CREATE INDEX audit_events_site ON audit_events (tenant_id, site_id, at);
CREATE INDEX audit_events_actor ON audit_events (tenant_id, actor, at);
CREATE INDEX audit_events_target ON audit_events (tenant_id, target_id, at) WHERE target_id IS NOT NULL;
CREATE INDEX audit_events_item ON audit_events (tenant_id, item_id, at) WHERE item_id IS NOT NULL;

-- One after the other, each naming its records and the one before it. `leaves` holds 48 bytes for each record in the
-- order of time and id: its id and what its columns hash to. `statement` is signed by a key of the server.
CREATE TABLE audit_seals (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  number BIGINT NOT NULL,
  newest_at BIGINT NOT NULL,
  leaves {bytes} NOT NULL,
  statement TEXT NOT NULL,
  PRIMARY KEY (tenant_id, number)
);

-- How many days records are kept, and the signed statement of what was forgotten last.
ALTER TABLE tenants ADD COLUMN audit_days BIGINT NOT NULL DEFAULT 180;
ALTER TABLE tenants ADD COLUMN audit_forgotten TEXT;
