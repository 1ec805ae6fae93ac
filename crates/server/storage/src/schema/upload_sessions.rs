//! Tables of `0005_upload_sessions`.

diesel::table! {
    upload_sessions (id) {
        id -> Text,
        tenant_id -> Text,
        drive_id -> Text,
        user_id -> Text,
        target -> Text,
        total -> Nullable<BigInt>,
        finished_item -> Nullable<Text>,
        finished_new -> Nullable<BigInt>,
        expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    upload_parts (session_id, kind, starts_at) {
        session_id -> Text,
        kind -> BigInt,
        starts_at -> BigInt,
        ends_at -> BigInt,
        tenant_id -> Text,
        hash -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(upload_sessions, upload_parts);
