-- Lists of the admin center: guests by address, among however many members.

CREATE INDEX users_kind ON users (tenant_id, kind, principal_key) WHERE deleted_at IS NULL;
