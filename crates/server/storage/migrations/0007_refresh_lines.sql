-- What a sign-in rests on: when who answered a device's request had given their password, and which refresh token
-- another was issued for (design/0003).

ALTER TABLE device_codes ADD COLUMN signed_in_at BIGINT;

-- `seed` is what the token's secret was derived with from its predecessor's, so that it can be handed out again.
ALTER TABLE refresh_tokens ADD COLUMN predecessor_hash {bytes};
ALTER TABLE refresh_tokens ADD COLUMN seed {bytes};
ALTER TABLE refresh_tokens ADD COLUMN superseded_at BIGINT;
-- A line never forks: a token has at most one successor that was not superseded.
CREATE UNIQUE INDEX refresh_tokens_successor ON refresh_tokens (predecessor_hash) WHERE superseded_at IS NULL;
