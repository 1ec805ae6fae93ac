//! Tables of `0015_sharing_policy`.

use super::directory::{group_members, tenants, users};
use super::items::drives;
use super::sites::sites;

diesel::table! {
    listed_domains (tenant_id, place, domain) {
        tenant_id -> Text,
        place -> Text,
        domain -> Text,
    }
}

diesel::table! {
    sharer_groups (tenant_id, group_id) {
        tenant_id -> Text,
        group_id -> Text,
        reach -> BigInt,
    }
}

diesel::table! {
    access_decisions (tenant_id, subject) {
        tenant_id -> Text,
        subject -> Text,
        decision -> BigInt,
        decided_by -> Text,
        decided_at -> BigInt,
    }
}

diesel::table! {
    guest_stays (site_id, user_id) {
        site_id -> Text,
        user_id -> Text,
        tenant_id -> Text,
        joined_at -> BigInt,
        ends_at -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(sharer_groups, group_members);
diesel::allow_tables_to_appear_in_same_query!(guest_stays, sites);
diesel::allow_tables_to_appear_in_same_query!(guest_stays, tenants);
diesel::allow_tables_to_appear_in_same_query!(guest_stays, users);
diesel::allow_tables_to_appear_in_same_query!(guest_stays, drives);
