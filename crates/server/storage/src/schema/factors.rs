//! Tables of `0019_factors`.

diesel::table! {
    factors (id) {
        id -> Text,
        tenant_id -> Text,
        user_id -> Text,
        display_name -> Text,
        sealed -> Binary,
        last_step -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    recovery_codes (tenant_id, user_id, code_hash) {
        tenant_id -> Text,
        user_id -> Text,
        code_hash -> Binary,
    }
}

diesel::table! {
    factor_attempts (tenant_id, user_id) {
        tenant_id -> Text,
        user_id -> Text,
        wrong -> BigInt,
        last_at -> BigInt,
    }
}
