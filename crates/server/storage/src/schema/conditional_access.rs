//! Tables of `0016_conditional_access` and `0024_places`.

diesel::table! {
    access_policies (id) {
        id -> Text,
        tenant_id -> Text,
        display_name -> Text,
        state -> BigInt,
        operator -> BigInt,
        sign_in_every_s -> Nullable<BigInt>,
        created_at -> BigInt,
        modified_at -> BigInt,
    }
}

diesel::table! {
    access_policy_parts (policy_id, part, value) {
        policy_id -> Text,
        part -> Text,
        value -> Text,
        tenant_id -> Text,
    }
}

diesel::table! {
    named_locations (id) {
        id -> Text,
        tenant_id -> Text,
        display_name -> Text,
        kind -> BigInt,
        flag -> BigInt,
        created_at -> BigInt,
        modified_at -> BigInt,
    }
}

diesel::table! {
    named_location_values (location_id, value) {
        location_id -> Text,
        value -> Text,
        tenant_id -> Text,
    }
}

diesel::table! {
    cross_tenant_parts (tenant_id, partner, part, value) {
        tenant_id -> Text,
        partner -> Text,
        part -> Text,
        value -> Text,
    }
}
