//! Tables of `0006_versions_and_bins`: versions, the recycle bin, copies.

use super::items::items;

diesel::table! {
    item_versions (item_id, number) {
        item_id -> Text,
        number -> BigInt,
        tenant_id -> Text,
        drive_id -> Text,
        content_id -> Binary,
        quick_xor -> Binary,
        size -> BigInt,
        file_modified_at -> BigInt,
        written_at -> BigInt,
        written_by -> Nullable<Text>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    bin_entries (item_id, version) {
        item_id -> Text,
        version -> BigInt,
        tenant_id -> Text,
        drive_id -> Text,
        deleted_at -> BigInt,
        deleted_by -> Nullable<Text>,
        second_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    copies (id) {
        id -> Text,
        tenant_id -> Text,
        secret_hash -> Binary,
        user_id -> Text,
        user_kind -> BigInt,
        home_tenant_id -> Text,
        home_user_id -> Text,
        source_drive_id -> Text,
        target_drive_id -> Text,
        target_item_id -> Text,
        total -> BigInt,
        done -> BigInt,
        state -> BigInt,
        error_code -> Nullable<Text>,
        error_text -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    copy_folders (copy_id, position) {
        copy_id -> Text,
        position -> BigInt,
        tenant_id -> Text,
        source_id -> Text,
        target_id -> Text,
        after_id -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(items, item_versions);
diesel::allow_tables_to_appear_in_same_query!(items, bin_entries);
