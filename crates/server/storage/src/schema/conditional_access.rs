//! Tables of `0016_conditional_access`.

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
