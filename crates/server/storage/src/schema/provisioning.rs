//! Tables of `0021_provisioning`.

diesel::table! {
    provisioning_tokens (id) {
        id -> Text,
        tenant_id -> Text,
        display_name -> Text,
        token_hash -> Binary,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    provisioned_people (user_id) {
        user_id -> Text,
        tenant_id -> Text,
        external_id -> Nullable<Text>,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        modified_at -> BigInt,
    }
}

diesel::table! {
    provisioned_groups (group_id) {
        group_id -> Text,
        tenant_id -> Text,
        external_id -> Nullable<Text>,
        modified_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}
