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
    Web { cloud: CloudOrigin, url: Url },
}

impl RootLink {
    /// Reads an address.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let url = Url::parse(text.trim()).map_err(|_| not_a_link())?;
        match url.scheme() {
            "footbridge" => Self::from_ids(&url),
            "http" | "https" => {
                let cloud = CloudOrigin::of(&url).map_err(|error| bad(error.to_string()))?;
                Ok(Self::Web { cloud, url })
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
        let value = |name: &str| {
            let mut found = url.query_pairs().filter(|(key, value)| key == name && !value.is_empty());
            found.next().map(|(_, value)| value.into_owned())
        };
        let wanted = |name: &str| value(name).ok_or_else(|| bad(format!("The link has no `{name}`.")));
        let cloud =
            wanted("cloud")?.parse().map_err(|error: remote::InvalidOrigin| bad(error.to_string()))?;
        let root = RootAddress { tenant: wanted("tenant")?, drive: wanted("drive")?, item: wanted("item")? };
        Ok(Self::Ids { cloud, root, address: value("address") })
    }
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
    fn what_is_no_root_is_refused() {
        for bad in [
            "",
            "Contoso",
            "file:///etc/passwd",
            "footbridge://other?cloud=https://cloud.example&tenant=t&drive=d&item=i",
            "footbridge://sync?cloud=https://cloud.example&tenant=t&drive=d",
            "footbridge://sync?cloud=http://cloud.example&tenant=t&drive=d&item=i",
            "http://cloud.example/sites/a",
        ] {
            assert!(RootLink::parse(bad).is_err(), "{bad}");
        }
    }
}
