//! Addresses of links, in the family of shapes that rclone turns into download addresses (graph-surface.md 4.1):
//! `/:f:/g/{secret}` for a folder, `/:u:/g/{secret}` for a file.

use directory::Ticket;
use model::ItemKind;

/// A link's address. It has no `Debug` form.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkAddress(pub Ticket);

/// Returns the segment that says what a link opens. It is for people and clients; nothing is decided by it.
#[must_use]
pub const fn file_letter(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Folder => ":f:",
        ItemKind::File => ":u:",
    }
}

impl LinkAddress {
    /// Writes the address of a link to an item of a kind.
    #[must_use]
    pub fn url(&self, origin: &str, kind: ItemKind) -> String {
        format!("{origin}/{}/g/{}", file_letter(kind), self.0.as_str())
    }

    /// Reads an address of this cloud, with or without its origin; none for anything else.
    #[must_use]
    pub fn parse(origin: &str, text: &str) -> Option<Self> {
        let path = text.strip_prefix(origin).unwrap_or(text);
        let path = path.split(['?', '#']).next()?.strip_prefix('/')?;
        let (letter, rest) = path
            .replace("%3A", ":")
            .replace("%3a", ":")
            .split_once('/')
            .map(|(letter, rest)| (letter.to_owned(), rest.to_owned()))?;
        let secret = rest.strip_prefix("g/")?.trim_end_matches('/');
        let letter = letter.strip_prefix(':')?.strip_suffix(':')?;
        let plain = letter.len() == 1 && letter.chars().all(|c| c.is_ascii_lowercase());
        if plain { Ticket::parse(secret).map(Self) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use directory::Ticket;
    use model::{ItemKind, TenantId};

    use super::LinkAddress;

    #[test]
    fn an_address_reads_back_and_foreign_ones_do_not() {
        let origin = "https://cloud.example";
        let address = LinkAddress(Ticket::of(TenantId::from_random([1; 16]), &[2; 32]));
        for kind in [ItemKind::File, ItemKind::Folder] {
            let url = address.url(origin, kind);
            for text in
                [url.clone(), format!("{url}?web=1"), url.replace(':', "%3A").replace("https%3A", "https:")]
            {
                let read = LinkAddress::parse(origin, &text).expect("reads");
                assert_eq!(read.0.as_str(), address.0.as_str());
            }
            assert!(LinkAddress::parse(origin, &url.replace("cloud", "evil")).is_none());
            assert!(LinkAddress::parse(origin, &url[..url.len() - 1]).is_none());
        }
        for text in ["", "/", "/:f:/g/", "/f/g/x", "/:f:/s/x/y", "/x/sites/y"] {
            assert!(LinkAddress::parse(origin, text).is_none(), "{text}");
        }
    }
}
