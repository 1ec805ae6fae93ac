//! Tables of `0025_sign_in_records`.

diesel::table! {
    sign_ins (id) {
        id -> Text,
        tenant_id -> Text,
        user_id -> Text,
        at -> BigInt,
        address -> Nullable<Text>,
        platform -> Nullable<Text>,
        client_app -> Text,
        refused -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_policies (sign_in_id, policy_id) {
        sign_in_id -> Text,
        policy_id -> Text,
        display_name -> Text,
        state -> BigInt,
        result -> BigInt,
    }
}
