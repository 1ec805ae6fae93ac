-- What sites as a whole let happen, and what organizations leave to the owners of personal drives.
-- Codes are positions in the enumerations of `model`.

ALTER TABLE sites ADD COLUMN lock_state BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN device_access BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN downloads BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN organization_links BIGINT NOT NULL DEFAULT 0;

ALTER TABLE tenants ADD COLUMN personal_resharing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN personal_requests BIGINT NOT NULL DEFAULT 0;
