//! Tables of `0002_items` and `0008_garbage`, with the columns later steps added.

diesel::table! {
    drives (id) {
        id -> Text,
        tenant_id -> Text,
        site_id -> Text,
        name -> Text,
        name_key -> Text,
        root_item_id -> Text,
        sequence -> BigInt,
        epoch -> Text,
        quota -> Nullable<BigInt>,
        used -> BigInt,
        created_at -> BigInt,
        version_limit -> BigInt,
    }
}

diesel::table! {
    items (id) {
        id -> Text,
        tenant_id -> Text,
        drive_id -> Text,
        parent_id -> Nullable<Text>,
        name -> Text,
        name_key -> Text,
        kind -> BigInt,
        size -> BigInt,
        content_id -> Nullable<Binary>,
        quick_xor -> Nullable<Binary>,
        version -> BigInt,
        content_version -> BigInt,
        file_created_at -> BigInt,
        file_modified_at -> BigInt,
        created_at -> BigInt,
        created_by -> Nullable<Text>,
        modified_at -> BigInt,
        modified_by -> Nullable<Text>,
        sequence -> BigInt,
        operation -> Nullable<Text>,
        deleted_at -> Nullable<BigInt>,
        deleted_by -> Nullable<Text>,
        deleted_with -> Nullable<Text>,
        content_at -> Nullable<BigInt>,
        content_by -> Nullable<Text>,
    }
}

diesel::table! {
    item_changes (drive_id, sequence) {
        drive_id -> Text,
        sequence -> BigInt,
        tenant_id -> Text,
        item_id -> Text,
        kind -> BigInt,
        old_parent_id -> Nullable<Text>,
        new_parent_id -> Nullable<Text>,
        operation -> Nullable<Text>,
        user_id -> Nullable<Text>,
    }
}

diesel::table! {
    drive_operations (tenant_id, user_id, operation) {
        tenant_id -> Text,
        user_id -> Text,
        operation -> Text,
        digest -> Binary,
        outcome -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    contents (tenant_id, id) {
        tenant_id -> Text,
        id -> Binary,
        size -> BigInt,
        quick_xor -> Binary,
        manifest -> Binary,
        created_at -> BigInt,
        unused_since -> Nullable<BigInt>,
        chunks_listed -> BigInt,
        sha256 -> Nullable<Binary>,
        hash_at -> BigInt,
    }
}

diesel::table! {
    chunks (tenant_id, id) {
        tenant_id -> Text,
        id -> Binary,
        length -> BigInt,
        quick_xor -> Binary,
        created_at -> BigInt,
        bytes -> Nullable<Binary>,
        object -> Nullable<Text>,
    }
}

diesel::table! {
    content_chunks (tenant_id, chunk_id, content_id) {
        tenant_id -> Text,
        chunk_id -> Binary,
        content_id -> Binary,
    }
}

diesel::table! {
    doomed_objects (tenant_id, place) {
        tenant_id -> Text,
        place -> Text,
    }
}

diesel::table! {
    damaged_chunks (tenant_id, chunk_id) {
        tenant_id -> Text,
        chunk_id -> Binary,
        damage -> BigInt,
        found_at -> BigInt,
    }
}

diesel::table! {
    scrubs (tenant_id) {
        tenant_id -> Text,
        after -> Binary,
        started_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    uploads (id) {
        id -> Text,
        tenant_id -> Text,
        drive_id -> Text,
        user_id -> Text,
        manifest -> Binary,
        expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    upload_chunks (upload_id, chunk_id) {
        upload_id -> Text,
        tenant_id -> Text,
        chunk_id -> Binary,
        base_item_id -> Nullable<Text>,
    }
}

diesel::table! {
    sync_roots (tenant_id, drive_id, item_id, home_tenant_id, home_user_id) {
        tenant_id -> Text,
        drive_id -> Text,
        item_id -> Text,
        home_tenant_id -> Text,
        home_user_id -> Text,
        user_id -> Text,
        first_seen_at -> BigInt,
        last_seen_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    drives,
    items,
    item_changes,
    contents,
    chunks,
    content_chunks,
    damaged_chunks,
    uploads,
    upload_chunks
);
