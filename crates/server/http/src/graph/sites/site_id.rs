//! How a site is named in an address: `root`, `{guid}`, `{guid},{guid}`, `{host},{guid},{guid}`, or the host alone.

use drive::sites::{SiteView, find_site};
use model::SiteId;

use super::shape::host;
use crate::{ApiError, App, Authenticated};

/// A site's name in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SiteName {
    /// The organization itself, where others have a root site.
    Root,
    /// A site.
    Id(SiteId),
}

impl SiteName {
    /// Reads a name as this cloud's addresses have it.
    pub(crate) fn of(app: &App, text: &str) -> Result<Self, ApiError> {
        Self::parse(text, host(app))
    }

    /// Reads a name; anything that cannot be a site's is not found.
    fn parse(text: &str, host: &str) -> Result<Self, ApiError> {
        if text == "root" || text.eq_ignore_ascii_case(host) {
            return Ok(Self::Root);
        }
        let parts: Vec<&str> = text.split(',').collect();
        let id = match parts.as_slice() {
            [id] | [id, _] | [_, id, _] => id,
            _ => return Err(ApiError::NotFound),
        };
        id.parse().map(Self::Id).map_err(|_| ApiError::NotFound)
    }

    /// Returns the id of a site; the root has none.
    pub(crate) fn id(self) -> Result<SiteId, ApiError> {
        match self {
            Self::Id(id) => Ok(id),
            Self::Root => Err(ApiError::NotFound),
        }
    }

    /// Finds the site for the caller.
    pub(crate) async fn find(self, caller: &Authenticated) -> Result<SiteView, ApiError> {
        find_site(&caller.call, caller.caller, self.id()?).await?.ok_or(ApiError::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use model::SiteId;

    use super::SiteName;

    #[test]
    fn every_spelling_of_a_site_is_read() {
        let id = SiteId::from_random([1; 16]);
        for text in [format!("{id}"), format!("{id},{id}"), format!("cloud.example,{id},{id}")] {
            assert_eq!(SiteName::parse(&text, "cloud.example").ok(), Some(SiteName::Id(id)), "{text}");
        }
        assert_eq!(SiteName::parse("root", "cloud.example").ok(), Some(SiteName::Root));
        assert_eq!(SiteName::parse("Cloud.Example", "cloud.example").ok(), Some(SiteName::Root));
        assert!(SiteName::parse("a,b,c,d", "cloud.example").is_err());
    }
}
