-- Named locations: their values are rows, ranges of addresses or countries. What `flag` means depends on the kind:
-- trusted, or that addresses of no known country count.
CREATE TABLE named_locations (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  display_name TEXT NOT NULL,
  kind BIGINT NOT NULL,
  flag BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL
);
CREATE INDEX named_locations_tenant ON named_locations (tenant_id);

CREATE TABLE named_location_values (
  location_id TEXT NOT NULL REFERENCES named_locations (id),
  value TEXT NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  PRIMARY KEY (location_id, value)
);
CREATE INDEX named_location_values_tenant ON named_location_values (tenant_id);

-- Cross-tenant access: `partner` is another organization's id, or `default`. Every setting is a row: `part` says which,
-- such as `in.user`; a setting without any row is inherited.
CREATE TABLE cross_tenant_parts (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  partner TEXT NOT NULL,
  part TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tenant_id, partner, part, value)
);
