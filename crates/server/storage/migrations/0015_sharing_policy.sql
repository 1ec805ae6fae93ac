-- What organizations and sites set about sharing beside their levels, and guests' time in sites.
-- Codes are positions in the enumerations of `model`; days are 0 for no limit, NULL at a site for the organization's.

ALTER TABLE tenants ADD COLUMN sharing_domains BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN sharers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN resharing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN guest_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN anyone_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN anyone_file_role BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tenants ADD COLUMN anyone_folder_role BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tenants ADD COLUMN default_link_kind BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tenants ADD COLUMN default_link_role BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN invites_from BIGINT NOT NULL DEFAULT 2;
ALTER TABLE tenants ADD COLUMN directory_domains BIGINT NOT NULL DEFAULT 0;

ALTER TABLE sites ADD COLUMN sharing_domains BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN guest_days BIGINT;
ALTER TABLE sites ADD COLUMN anyone_days BIGINT;
ALTER TABLE sites ADD COLUMN default_link_kind BIGINT;
ALTER TABLE sites ADD COLUMN default_link_role BIGINT;

-- `place` is `sharing` or `directory` for the organization's lists, else the id of the site whose list it is.
CREATE TABLE listed_domains (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  place TEXT NOT NULL,
  domain TEXT NOT NULL,
  PRIMARY KEY (tenant_id, place, domain)
);

-- Groups whose members share with people outside, where not everybody does.
CREATE TABLE sharer_groups (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  group_id TEXT NOT NULL REFERENCES groups (id),
  reach BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, group_id)
);

-- When a guest joined a site, and when what they were given themselves ends; NULL means never.
CREATE TABLE guest_stays (
  site_id TEXT NOT NULL REFERENCES sites (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  joined_at BIGINT NOT NULL,
  ends_at BIGINT,
  PRIMARY KEY (site_id, user_id)
);
