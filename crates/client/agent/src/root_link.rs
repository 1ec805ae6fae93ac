//! Root links: what a person gives to say *sync this*. Only ids are read from them; names come from the server.

use agent_api::{Failure, FailureKind};
use remote::{CloudOrigin, RootAddress};
use url::Url;

/// An address understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RootLink {
    /// The Sync button's address: it names the root by ids.
    Ids { cloud: CloudOrigin, root: RootAddress, address: Option<String> },
    /// A web address; the cloud must say what it means.
    Web { cloud: CloudOrigin, url: Url, address: Option<String> },
}

impl RootLink {
    /// Reads an address.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let url = Url::parse(text.trim()).map_err(|_| not_a_link())?;
        match url.scheme() {
            "footbridge" => Self::from_ids(&url),
            "odopen" => Self::from_web_address_of(&url),
            "http" | "https" => {
                let cloud = CloudOrigin::of(&url).map_err(|error| bad(error.to_string()))?;
                Ok(Self::Web { cloud, url, address: None })
            }
            _ => Err(not_a_link()),
        }
    }

    /// Returns the cloud it names.
    pub(crate) fn cloud(&self) -> &CloudOrigin {
        match self {
            Self::Ids { cloud, .. } | Self::Web { cloud, .. } => cloud,
        }
    }

    fn from_ids(url: &Url) -> Result<Self, Failure> {
        if url.host_str() != Some("sync") {
            return Err(not_a_link());
        }
        let value = |name: &str| parameter(url, name);
        let wanted = |name: &str| value(name).ok_or_else(|| bad(format!("The link has no `{name}`.")));
        let cloud =
            wanted("cloud")?.parse().map_err(|error: remote::InvalidOrigin| bad(error.to_string()))?;
        let root = RootAddress { tenant: wanted("tenant")?, drive: wanted("drive")?, item: wanted("item")? };
        Ok(Self::Ids { cloud, root, address: value("address") })
    }

    /// The link of another client's Sync button (sharing-and-guests.md 6.3). Its ids are not ours and its names are
    /// whatever a page wrote; only the web address counts, of the folder where it names one.
    fn from_web_address_of(url: &Url) -> Result<Self, Failure> {
        if url.host_str() != Some("sync") {
            return Err(not_a_link());
        }
        let site = parameter(url, "webUrl").ok_or_else(|| bad("The link has no `webUrl`.".to_owned()))?;
        let site = Url::parse(&site).map_err(|_| not_a_link())?;
        let place = match parameter(url, "folderUrl") {
            Some(folder) => site.join(&folder).map_err(|_| not_a_link())?,
            None => site.clone(),
        };
        let cloud = CloudOrigin::of(&site).map_err(|error| bad(error.to_string()))?;
        if !cloud.owns(&place) {
            return Err(not_a_link());
        }
        Ok(Self::Web { cloud, url: place, address: parameter(url, "userEmail") })
    }

    /// Returns the address of the person it was made for, which is a wish and no proof.
    pub(crate) fn address(&self) -> Option<&str> {
        match self {
            Self::Ids { address, .. } | Self::Web { address, .. } => address.as_deref(),
        }
    }
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut found = url.query_pairs().filter(|(key, value)| key == name && !value.is_empty());
    found.next().map(|(_, value)| value.into_owned())
}

/// Returns the cloud a link names; none when it is no link.
#[must_use]
pub fn cloud_of_link(text: &str) -> Option<String> {
    RootLink::parse(text).ok().map(|link| link.cloud().to_string())
}

fn bad(message: String) -> Failure {
    Failure::new(FailureKind::BadRequest, message)
        .with_remedy("Open the site in your browser and press Sync, or copy the site's address from there.")
}

fn not_a_link() -> Failure {
    bad("This is not the address of a site, a library or a folder.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::RootLink;

    #[test]
    fn r_d01_the_sync_buttons_address_is_read() {
        let link = RootLink::parse(
            "footbridge://sync?cloud=https%3A%2F%2Fcloud.example&tenant=t&drive=d&item=i&address=a%40b.example",
        )
        .unwrap();
        let RootLink::Ids { cloud, root, address } = link else { panic!("{link:?}") };
        assert_eq!(cloud.as_str(), "https://cloud.example");
        assert_eq!((root.tenant.as_str(), root.drive.as_str(), root.item.as_str()), ("t", "d", "i"));
        assert_eq!(address.as_deref(), Some("a@b.example"));
    }

    #[test]
    fn r_d01_of_another_clients_link_only_the_web_address_counts() {
        let site = "webUrl=https%3A%2F%2Fcloud.example%2Fc.example%2Fsites%2Ffalcon&webTitle=..%2F..%2Fetc";
        for (link, place) in [
            (
                format!("odopen://sync?userEmail=a%40b.example&scope=OPENLIST&{site}"),
                "/c.example/sites/falcon",
            ),
            (format!("odopen://sync/?{site}&userEmail=a%40b.example"), "/c.example/sites/falcon"),
            (
                format!(
                    "odopen://sync?{site}&userEmail=a%40b.example&folderUrl=%2Fc.example%2Fsites%2Ffalcon%2Fitems%2Fd%2Fi"
                ),
                "/c.example/sites/falcon/items/d/i",
            ),
        ] {
            let parsed = RootLink::parse(&link).unwrap();
            assert_eq!(parsed.address(), Some("a@b.example"));
            let RootLink::Web { cloud, url, .. } = parsed else { panic!("{parsed:?}") };
            assert_eq!((cloud.as_str(), url.path()), ("https://cloud.example", place));
        }
    }

    #[test]
    fn what_is_no_root_is_refused() {
        for bad in [
            "",
            "Contoso",
            "file:///etc/passwd",
            "footbridge://other?cloud=https://cloud.example&tenant=t&drive=d&item=i",
            "footbridge://sync?cloud=https://cloud.example&tenant=t&drive=d",
            "footbridge://sync?cloud=http://cloud.example&tenant=t&drive=d&item=i",
            "http://cloud.example/sites/a",
            "odopen://sync?webTitle=Falcon",
            "odopen://other?webUrl=https://cloud.example/x",
            "odopen://sync?webUrl=http://cloud.example/x",
            "odopen://sync?webUrl=https://cloud.example/x&folderUrl=https://evil.example/y",
        ] {
            assert!(RootLink::parse(bad).is_err(), "{bad}");
        }
    }
}
