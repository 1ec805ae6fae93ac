//! Tables of `0001_directory`, with what later steps add to them.

diesel::table! {
    tenants (id) {
        id -> Text,
        display_name -> Text,
        initial_domain -> Text,
        chunk_key -> Binary,
        site_sharing -> BigInt,
        personal_sharing -> BigInt,
        created_at -> BigInt,
        guest_integration -> BigInt,
        content_quota -> Nullable<BigInt>,
        sharing_domains -> BigInt,
        sharers -> BigInt,
        resharing -> BigInt,
        personal_resharing -> BigInt,
        personal_requests -> BigInt,
        guest_days -> BigInt,
        anyone_days -> BigInt,
        anyone_file_role -> BigInt,
        anyone_folder_role -> BigInt,
        default_link_kind -> BigInt,
        default_link_role -> BigInt,
        invites_from -> BigInt,
        directory_domains -> BigInt,
        access_revision -> BigInt,
        audit_days -> BigInt,
        audit_forgotten -> Nullable<Text>,
        tell_reshared -> BigInt,
        tell_accepted -> BigInt,
        tell_anyone_links -> BigInt,
        tell_mailboxes -> Text,
        stays_warned_at -> BigInt,
    }
}

diesel::table! {
    domains (name) {
        name -> Text,
        tenant_id -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        tenant_id -> Text,
        kind -> BigInt,
        principal_name -> Text,
        principal_key -> Text,
        display_name -> Text,
        mail -> Nullable<Text>,
        enabled -> Bool,
        password_hash -> Nullable<Text>,
        guest_state -> Nullable<BigInt>,
        guest_state_at -> Nullable<BigInt>,
        home_tenant_id -> Nullable<Text>,
        home_user_id -> Nullable<Text>,
        created_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        tokens_valid_from -> BigInt,
        purged_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    user_addresses (tenant_id, address_key) {
        tenant_id -> Text,
        address_key -> Text,
        user_id -> Text,
    }
}

diesel::table! {
    user_roles (user_id, role) {
        tenant_id -> Text,
        user_id -> Text,
        role -> BigInt,
    }
}

diesel::table! {
    groups (id) {
        id -> Text,
        tenant_id -> Text,
        kind -> BigInt,
        display_name -> Text,
        site_id -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    group_members (group_id, user_id) {
        tenant_id -> Text,
        group_id -> Text,
        user_id -> Text,
        added_at -> BigInt,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Text,
        tenant_id -> Text,
        at -> BigInt,
        actor_kind -> BigInt,
        actor -> Nullable<Text>,
        operation -> Text,
        target_id -> Nullable<Text>,
        site_id -> Nullable<Text>,
        item_id -> Nullable<Text>,
        details -> Text,
        client_address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        seal -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_seals (tenant_id, number) {
        tenant_id -> Text,
        number -> BigInt,
        newest_at -> BigInt,
        leaves -> Binary,
        statement -> Text,
    }
}

diesel::table! {
    jobs (id) {
        id -> Text,
        tenant_id -> Text,
        kind -> BigInt,
        payload -> Text,
        state -> BigInt,
        run_at -> BigInt,
        attempts -> BigInt,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    cloud_secrets (name) {
        name -> Text,
        value -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    tenants,
    domains,
    users,
    user_addresses,
    user_roles,
    groups,
    group_members
);
