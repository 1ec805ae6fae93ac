//! Web addresses of sites and items: they name the organization, so that an invited person who opens one is led to the
//! right sign-in, and nothing above what was shared.

use model::{DriveId, ItemId};

/// Where something opens in the browser, without the cloud's origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress {
    /// The organization's initial domain.
    pub domain: String,
    /// The site's name.
    pub site: String,
    /// The library, folder or file; none for the site.
    pub item: Option<(DriveId, ItemId)>,
}

impl WebAddress {
    /// Writes the address: `/{domain}/sites/{name}` and, for an item, `/items/{drive}/{item}` behind it.
    #[must_use]
    pub fn url(&self, origin: &str) -> String {
        let site = format!("{origin}/{}/sites/{}", self.domain, self.site);
        match self.item {
            Some((drive, item)) => format!("{site}/items/{drive}/{item}"),
            None => site,
        }
    }

    /// Reads an address of this cloud, with or without its origin; none for anything else.
    #[must_use]
    pub fn parse(origin: &str, text: &str) -> Option<Self> {
        let path = text.strip_prefix(origin).unwrap_or(text);
        let path = path.split(['?', '#']).next()?.strip_prefix('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        let segments: Vec<&str> = path.split('/').collect();
        let (domain, site, rest) = match segments.as_slice() {
            [domain, "sites", site, rest @ ..] => (domain, site, rest),
            _ => return None,
        };
        let item = match rest {
            [] => None,
            ["items", drive, item] => Some((plain(drive)?.parse().ok()?, plain(item)?.parse().ok()?)),
            _ => return None,
        };
        let named = !domain.is_empty() && !site.is_empty();
        named.then(|| Self { domain: domain.to_lowercase(), site: (*site).to_owned(), item })
    }
}

/// Undoes the one escape that browsers and clients put into ids: `!` as `%21`.
fn plain(id: &str) -> Option<String> {
    let id = id.replace("%21", "!");
    (!id.contains('%')).then_some(id)
}

#[cfg(test)]
mod tests {
    use model::{DriveId, ItemId};

    use super::WebAddress;

    #[test]
    fn an_address_reads_back_and_foreign_ones_do_not() {
        let origin = "https://cloud.example";
        let item = Some((DriveId::from_random([1; 16]), ItemId::from_random([2; 16])));
        for item in [None, item] {
            let address =
                WebAddress { domain: "contoso.example".to_owned(), site: "Falcon".to_owned(), item };
            let url = address.url(origin);
            assert_eq!(WebAddress::parse(origin, &url), Some(address.clone()));
            assert_eq!(WebAddress::parse(origin, &format!("{url}/?web=1")), Some(address.clone()));
            assert_eq!(WebAddress::parse(origin, &url.replace('!', "%21")), Some(address));
        }
        let foreign = ["https://evil.example/contoso.example/sites/Falcon", "/", "", "/x/sites/", "/a/b/c"];
        for text in foreign {
            assert_eq!(WebAddress::parse(origin, text), None, "{text}");
        }
    }
}
