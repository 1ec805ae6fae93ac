//! Folder names: where a root's files lie below the sync home (D03). Names come from a server and are hostile.
//!
//! `<sync home>/<Organization>/<Site> - <Library>[ - <Folder>]`. Two organizations never share a folder, whatever they
//! call themselves; the initial domain tells them apart.

use std::collections::BTreeMap;

use sync_core::{check_library_name, check_local_name, name_key};
use transfer::RootInfo;

/// Longest part of a name, in characters; three of them fit into one name on every file system.
const PART_LIMIT: usize = 60;
/// How many folders of one title there may be. Where none of so many names is free, the place itself is wrong.
const MOST_OF_ONE_TITLE: u32 = 100;

/// Chooses the folder of an organization. `taken` holds the folders of the others, by organization.
pub(crate) fn organization_folder(
    key: &str,
    display_name: &str,
    initial_domain: &str,
    taken: &BTreeMap<String, String>,
) -> String {
    if let Some(chosen) = taken.get(key) {
        return chosen.clone();
    }
    let plain = safe_name(display_name);
    let full = format!("{plain} ({})", safe_name(initial_domain));
    let is_free = |name: &str| taken.values().all(|other| name_key(other) != name_key(name));
    let mut candidates = [plain, full.clone()].into_iter().chain((2u32..).map(|n| format!("{full} {n}")));
    candidates.find(|name| is_free(name)).unwrap_or(full)
}

/// Names a root, as its folder shall be called.
pub(crate) fn root_title(info: &RootInfo) -> String {
    let parts = [Some(&info.site), Some(&info.library), info.folder.as_ref()];
    let names: Vec<String> = parts.into_iter().flatten().map(|part| safe_name(part)).collect();
    names.join(" - ")
}

/// Chooses a folder name for a root beside others of its organization; none when no name is free.
pub(crate) fn free_title(title: &str, is_free: impl Fn(&str) -> bool) -> Option<String> {
    let numbered = (2..=MOST_OF_ONE_TITLE).map(|n| format!("{title} ({n})"));
    std::iter::once(title.to_owned()).chain(numbered).find(|name| is_free(name))
}

/// Makes a single, harmless name of a server's text.
fn safe_name(text: &str) -> String {
    let harmless = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_control() => '_',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '_',
        c => c,
    };
    let cut: String = text.trim().chars().map(harmless).take(PART_LIMIT).collect();
    let mut name = cut.trim().trim_end_matches(['.', ' ']).to_owned();
    while name.len() > 3 * PART_LIMIT {
        name.pop();
    }
    // A leading period would hide the folder from its owner.
    if name.starts_with('.') {
        name.insert(0, '_');
    }
    if name.is_empty() {
        return "Unnamed".to_owned();
    }
    match check_local_name(&name).and_then(|()| check_library_name(&name)) {
        Ok(()) => name,
        Err(_) => format!("_{name}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{free_title, organization_folder, safe_name};

    #[test]
    fn r_d03_two_organizations_of_one_name_have_two_folders() {
        let mut taken = BTreeMap::new();
        let first = organization_folder("cloud|1", "Contoso", "contoso.example", &taken);
        assert_eq!(first, "Contoso");
        taken.insert("cloud|1".to_owned(), first);
        let second = organization_folder("cloud|2", "CONTOSO", "contoso.test", &taken);
        assert_eq!(second, "CONTOSO (contoso.test)");
        taken.insert("cloud|2".to_owned(), second);
        assert_eq!(organization_folder("cloud|1", "Renamed", "contoso.example", &taken), "Contoso");
        let third = organization_folder("other|3", "contoso", "contoso.test", &taken);
        assert_eq!(third, "contoso (contoso.test) 2");
    }

    #[test]
    fn r_d03_a_hostile_name_stays_one_harmless_folder() {
        for (text, name) in [
            ("Contoso", "Contoso"),
            ("../../etc", "_.._.._etc"),
            ("..", "Unnamed"),
            ("", "Unnamed"),
            ("a/b\\c", "a_b_c"),
            ("CON", "_CON"),
            (".hidden", "_.hidden"),
            ("name. ", "name"),
            ("Grüße & Co", "Grüße & Co"),
            ("x\u{202e}fdp", "x_fdp"),
        ] {
            assert_eq!(safe_name(text), name, "{text:?}");
        }
        assert!(safe_name(&"ü".repeat(500)).len() <= 180);
    }

    #[test]
    fn a_second_root_of_the_same_title_gets_a_number() {
        let title = free_title("Site - Documents", |name| name.ends_with("(2)"));
        assert_eq!(title.as_deref(), Some("Site - Documents (2)"));
        assert_eq!(free_title("Site - Documents", |_| false), None);
    }
}
