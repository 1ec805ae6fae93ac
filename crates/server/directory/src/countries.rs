//! Countries: in which country an address lies, by a local database in the MaxMind format. Nobody is asked over the network,
//! and without a database every address lies in none that is known.

use std::net::IpAddr;
use std::sync::Arc;

use maxminddb::{MaxMindDbError, PathElement, Reader};
use model::Country;

/// Where a database keeps the two letters.
const LETTERS: [PathElement<'_>; 2] = [PathElement::Key("country"), PathElement::Key("iso_code")];

/// The countries of addresses. Cheap to clone.
#[derive(Clone, Default)]
pub struct Countries(Option<Arc<Reader<Vec<u8>>>>);

/// The bytes are no database of countries.
#[derive(Debug, thiserror::Error)]
#[error("this is no database of countries in the MaxMind format")]
pub struct NoCountries(#[from] MaxMindDbError);

impl Countries {
    /// Reads a database.
    ///
    /// # Errors
    /// [`NoCountries`] when the bytes are none.
    pub fn read(database: Vec<u8>) -> Result<Self, NoCountries> {
        Ok(Self(Some(Arc::new(Reader::from_source(database)?))))
    }

    /// Returns whether there is a database.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.0.is_some()
    }

    /// Returns the country of an address; none when it is not known.
    #[must_use]
    pub fn of(&self, address: IpAddr) -> Option<Country> {
        let found = self.0.as_ref()?.lookup(address.to_canonical()).ok()?;
        let letters: Option<&str> = found.decode_path(&LETTERS).ok()?;
        Country::parse(letters?)
    }
}
