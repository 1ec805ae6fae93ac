//! Tables of sign-in: of `0004_identity`, as later steps changed them, and of `applications`.

diesel::table! {
    sessions (token_hash) {
        token_hash -> Binary,
        tenant_id -> Text,
        user_id -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    sign_in_evidence (tenant_id, line, kind, place_id) {
        tenant_id -> Text,
        line -> Text,
        kind -> BigInt,
        place_id -> Text,
        given_at -> BigInt,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_families (id) {
        id -> Text,
        tenant_id -> Text,
        user_id -> Text,
        client_id -> Text,
        scope -> Text,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Binary,
        tenant_id -> Text,
        family_id -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
        replaced_at -> Nullable<BigInt>,
        predecessor_hash -> Nullable<Binary>,
        seed -> Nullable<Binary>,
        superseded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    authorization_codes (code_hash) {
        code_hash -> Binary,
        tenant_id -> Text,
        user_id -> Text,
        resource_tenant_id -> Text,
        client_id -> Text,
        redirect_uri -> Text,
        scope -> Text,
        nonce -> Nullable<Text>,
        challenge -> Nullable<Text>,
        expires_at -> BigInt,
        spent_at -> Nullable<BigInt>,
        family_id -> Nullable<Text>,
    }
}

diesel::table! {
    device_codes (device_hash) {
        device_hash -> Binary,
        user_code_hash -> Binary,
        client_id -> Text,
        resource_tenant_id -> Nullable<Text>,
        scope -> Text,
        state -> BigInt,
        home_tenant_id -> Nullable<Text>,
        home_user_id -> Nullable<Text>,
        signed_in_at -> Nullable<BigInt>,
        polled_at -> Nullable<BigInt>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    consents (tenant_id, user_id, subject) {
        tenant_id -> Text,
        user_id -> Text,
        subject -> Text,
        given_at -> BigInt,
    }
}

diesel::table! {
    signing_keys (position) {
        position -> BigInt,
        key_id -> Text,
        private_key -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    applications (id) {
        id -> Text,
        tenant_id -> Text,
        display_name -> Text,
        permissions -> Text,
        secret_hash -> Binary,
        secret_expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(refresh_families, refresh_tokens, sign_in_evidence);
