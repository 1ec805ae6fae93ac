//! Tables of `0003_sites` and `0009_drives`, with what later steps add to them.

use super::directory::{group_members, tenants, users};
use super::items::drives;

diesel::table! {
    sites (id) {
        id -> Text,
        tenant_id -> Text,
        name -> Text,
        name_key -> Text,
        display_name -> Text,
        sharing -> BigInt,
        created_by -> Nullable<Text>,
        created_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        personal_of -> Nullable<Text>,
        sharing_domains -> BigInt,
        guest_days -> Nullable<BigInt>,
        anyone_days -> Nullable<BigInt>,
        default_link_kind -> Nullable<BigInt>,
        default_link_role -> Nullable<BigInt>,
        lock_state -> BigInt,
        device_access -> BigInt,
        downloads -> BigInt,
        organization_links -> BigInt,
    }
}

diesel::table! {
    own_permissions (drive_id, item_id) {
        drive_id -> Text,
        item_id -> Text,
        tenant_id -> Text,
        since -> BigInt,
        made_by -> Nullable<Text>,
    }
}

diesel::table! {
    permissions (id) {
        id -> Text,
        tenant_id -> Text,
        site_id -> Text,
        drive_id -> Nullable<Text>,
        item_id -> Nullable<Text>,
        principal_kind -> BigInt,
        principal_id -> Text,
        role -> BigInt,
        created_by -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        link_id -> Nullable<Text>,
    }
}

diesel::table! {
    invitations (id) {
        id -> Text,
        tenant_id -> Text,
        guest_id -> Text,
        email -> Text,
        ticket_hash -> Binary,
        redirect_url -> Text,
        message -> Nullable<Text>,
        created_by -> Nullable<Text>,
        created_at -> BigInt,
        redeemed_at -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(sites, permissions, invitations);
diesel::allow_tables_to_appear_in_same_query!(sites, tenants);
diesel::allow_tables_to_appear_in_same_query!(sites, users);
diesel::allow_tables_to_appear_in_same_query!(permissions, group_members);
diesel::allow_tables_to_appear_in_same_query!(drives, sites);
diesel::allow_tables_to_appear_in_same_query!(drives, tenants);
diesel::allow_tables_to_appear_in_same_query!(drives, users);
diesel::allow_tables_to_appear_in_same_query!(permissions, users);
diesel::allow_tables_to_appear_in_same_query!(sites, group_members);
