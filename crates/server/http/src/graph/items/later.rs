//! Known to Graph, not built yet, and said so. Only to who may see the item: to others it does not exist.

use drive::reading::load_item;

use super::address::NamedItem;
use crate::ApiError;

macro_rules! later {
    ($($(#[$meta:meta])* $name:ident => $what:literal;)*) => {$(
        $(#[$meta])*
        pub(super) async fn $name(named: NamedItem) -> Result<(), ApiError> {
            not_yet(named, $what).await
        }
    )*};
}

later! {
    /// `GET …/thumbnails`
    thumbnails => "thumbnails";
}

async fn not_yet(named: NamedItem, what: &'static str) -> Result<(), ApiError> {
    load_item(&named.at.caller.call, named.at.reader(), named.address).await?;
    Err(ApiError::NotSupported(what))
}
