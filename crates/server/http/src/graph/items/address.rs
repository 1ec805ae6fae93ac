//! Names in Graph's addresses of items: an id or `root`, with or without a path behind it.

use drive::reading::ItemAddress;

use crate::ApiError;
use crate::named_drive::{self, ItemAddressing};

pub(in crate::graph) use crate::named_drive::NamedDrive;

/// The item an address names.
pub(in crate::graph) type NamedItem = named_drive::NamedItem<ItemAddress>;

impl ItemAddressing for ItemAddress {
    fn read(text: &str) -> Result<Self, ApiError> {
        item_address(text)
    }
}

/// Reads an id or `root`, with or without a path behind it.
pub(super) fn item_address(text: &str) -> Result<ItemAddress, ApiError> {
    let (start, path) = text.split_once(':').unwrap_or((text, ""));
    let start = match start {
        "root" => None,
        id => Some(id.parse().map_err(|_| ApiError::NotFound)?),
    };
    let path = path.strip_suffix(':').unwrap_or(path);
    let names = path.split('/').filter(|name| !name.is_empty()).map(str::to_owned);
    Ok(ItemAddress { start, path: names.collect() })
}
