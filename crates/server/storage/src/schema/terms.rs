//! Tables of `0022_terms`.

diesel::table! {
    agreements (id) {
        id -> Text,
        tenant_id -> Text,
        display_name -> Text,
        viewing_required -> Bool,
        expires_from -> Nullable<BigInt>,
        expires_every_s -> Nullable<BigInt>,
        reaccept_every_s -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    agreement_files (agreement_id, version, language) {
        agreement_id -> Text,
        version -> BigInt,
        language -> Text,
        tenant_id -> Text,
        is_default -> Bool,
        file_name -> Text,
        media_type -> Text,
        content -> Binary,
        reaccept -> Bool,
        published_at -> BigInt,
    }
}

diesel::table! {
    agreement_responses (agreement_id, user_id, answered_at) {
        agreement_id -> Text,
        user_id -> Text,
        answered_at -> BigInt,
        tenant_id -> Text,
        version -> BigInt,
        accepted -> Bool,
    }
}
