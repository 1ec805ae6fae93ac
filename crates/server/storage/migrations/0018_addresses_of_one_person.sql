-- The addresses of one person, in their order: without this, those of the whole organization were read for one.
DROP INDEX user_addresses_user;
CREATE INDEX user_addresses_user ON user_addresses (tenant_id, user_id, address_key);
