//! Tables of `0011_links`.

use super::directory::users;

diesel::table! {
    link_keys (tenant_id) {
        tenant_id -> Text,
        value -> Binary,
    }
}

diesel::table! {
    links (id) {
        id -> Text,
        tenant_id -> Text,
        site_id -> Text,
        drive_id -> Text,
        item_id -> Text,
        kind -> BigInt,
        role -> BigInt,
        token_hash -> Binary,
        password_hash -> Nullable<Text>,
        created_by -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        wrong_passwords -> BigInt,
        wrong_since -> Nullable<BigInt>,
    }
}

diesel::table! {
    link_recipients (link_id, recipient_kind, recipient) {
        tenant_id -> Text,
        link_id -> Text,
        recipient_kind -> BigInt,
        recipient -> Text,
        added_at -> BigInt,
    }
}

diesel::table! {
    passcodes (link_id, address_key) {
        tenant_id -> Text,
        link_id -> Text,
        address_key -> Text,
        code_hash -> Nullable<Binary>,
        expires_at -> BigInt,
        attempts -> BigInt,
        sent -> BigInt,
        counted_since -> BigInt,
    }
}

diesel::table! {
    passcode_sessions (token_hash) {
        token_hash -> Binary,
        tenant_id -> Text,
        address_key -> Text,
        expires_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(links, link_recipients, users);
