//! Search by name: parts of names in any case, page by page, and nothing but what the caller may see.

use drive::ItemError;
use drive::reading::{ItemAddress, Reader};
use drive::search::{SearchRequest, search};
use model::{Caller, Role};

use crate::cloud::{Cloud, id};

impl Cloud {
    async fn find(&self, caller: Caller, folder: Option<&str>, text: &str) -> Result<Vec<String>, ItemError> {
        let mut names = Vec::new();
        for most in [100, 1] {
            let (mut after, mut page_names) = (None, Vec::new());
            loop {
                let reader = Reader { caller, drive: self.drive.id, runtime: self.runtime.clone() };
                let folder = folder.map(|item| ItemAddress { start: Some(id(item)), path: Vec::new() });
                let request = SearchRequest { reader, folder, text: text.to_owned(), after, most };
                let page = search(&self.call(caller), request).await?;
                page_names.extend(page.items.iter().map(|view| view.seen.item.name.clone()));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert!(names.is_empty() || names == page_names, "{names:?} {page_names:?}");
            names = page_names;
        }
        Ok(names)
    }
}

#[tokio::test]
async fn names_are_found_by_their_parts_in_any_case_and_composition() {
    let cloud = Cloud::new().await;
    let reports = cloud.folder(&cloud.root(), "Quarterly Reports").await;
    for name in
        ["Report 2024.docx", "report 2025.docx", "R\u{e9}sum\u{e9}.pdf", "100%_done.txt", "straße.txt"]
    {
        cloud.file(&reports.id, name, b"x").await;
    }
    let gone = cloud.file(&reports.id, "report gone.docx", b"x").await;
    cloud.delete(&gone).await;
    let root = cloud.root();
    for (text, expected) in [
        ("REPORT", vec!["Quarterly Reports", "Report 2024.docx", "report 2025.docx"]),
        ("repo*", vec!["Quarterly Reports", "Report 2024.docx", "report 2025.docx"]),
        ("docx 2025", vec!["report 2025.docx"]),
        ("\"port 2024\"", vec!["Report 2024.docx"]),
        ("re\u{301}SUME\u{301}", vec!["R\u{e9}sum\u{e9}.pdf"]),
        ("0%_d", vec!["100%_done.txt"]),
        ("%", vec!["100%_done.txt"]),
        ("t_r", vec![]),
        ("\\", vec![]),
        ("STRASSE", vec!["straße.txt"]),
        ("nothing", vec![]),
    ] {
        assert_eq!(cloud.find(cloud.owner, Some(&root), text).await.expect("finds"), expected, "{text}");
        assert_eq!(cloud.find(cloud.owner, None, text).await.expect("finds"), expected, "{text}");
    }
    assert_eq!(cloud.find(cloud.owner, Some(&root), "").await.expect("finds").len(), 6);
    assert_eq!(cloud.find(cloud.owner, Some(&reports.id), "").await.expect("finds").len(), 5);
    for text in ["a b c d e f g", &"x".repeat(256), "a\nb"] {
        assert!(matches!(cloud.find(cloud.owner, None, text).await, Err(ItemError::SearchText)));
    }
}

#[tokio::test]
async fn a_search_tells_nothing_of_what_is_hidden() {
    let cloud = Cloud::new().await;
    let secret = cloud.folder(&cloud.root(), "secret plans").await;
    let shared = cloud.folder(&secret.id, "shared plans").await;
    let inner = cloud.folder(&shared.id, "inner").await;
    cloud.file(&inner.id, "plan b.txt", b"x").await;
    let beside = cloud.file(&secret.id, "plan a.txt", b"x").await;
    let alone = cloud.file(&cloud.root(), "plan alone.txt", b"x").await;
    let guest = cloud.guest("gus").await;
    assert!(matches!(cloud.find(guest, None, "plan").await, Err(ItemError::NotFound)));
    let permission = cloud.share(&shared.id, guest, Role::Read).await;
    cloud.share(&inner.id, guest, Role::Write).await;
    cloud.share(&alone.id, guest, Role::Read).await;
    let found = cloud.find(guest, None, "plan").await.expect("finds");
    assert_eq!(found, ["plan alone.txt", "plan b.txt", "shared plans"]);
    assert_eq!(cloud.find(guest, Some(&shared.id), "plan").await.expect("finds"), ["plan b.txt"]);
    for hidden in [&cloud.root(), &secret.id, &beside.id] {
        assert!(matches!(cloud.find(guest, Some(hidden), "plan").await, Err(ItemError::NotFound)));
    }
    assert!(matches!(cloud.find(guest, Some(&alone.id), "plan").await, Err(ItemError::NotAFolder)));
    cloud.revoke(permission).await;
    assert_eq!(cloud.find(guest, None, "plan").await.expect("finds"), ["plan alone.txt", "plan b.txt"]);
}
