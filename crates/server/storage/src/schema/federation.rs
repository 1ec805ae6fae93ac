//! Tables of `0020_federation`.

diesel::table! {
    federations (tenant_id) {
        tenant_id -> Text,
        display_name -> Text,
        issuer -> Text,
        client_id -> Text,
        authentication -> BigInt,
        client_secret -> Nullable<Text>,
        addresses -> BigInt,
        newcomers -> BigInt,
        state -> BigInt,
        created_at -> BigInt,
        modified_at -> BigInt,
    }
}

diesel::table! {
    federated_subjects (tenant_id, issuer, subject) {
        tenant_id -> Text,
        issuer -> Text,
        subject -> Text,
        user_id -> Text,
        bound_at -> BigInt,
    }
}
