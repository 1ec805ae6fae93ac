-- What a sign-in rests on: when who answered a device's request had given their password.

ALTER TABLE device_codes ADD COLUMN signed_in_at BIGINT;
