//! Search over Graph, as clients write it.

use http::{Method, StatusCode};

use crate::cloud::{Cloud, text};

#[tokio::test]
async fn search_is_asked_in_every_spelling_and_paged() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    for name in ["it's%20a.txt", "b%2Bc.txt", "Its.txt"] {
        let (status, _, _) =
            cloud.send(&anna, Method::PUT, &format!("{base}/root:/{name}:/content"), &[], "x").await;
        assert_eq!(status, StatusCode::CREATED, "{name}");
    }
    for (path, expected) in [
        ("/root/search(q='it''s')", vec!["it's a.txt"]),
        ("/root/search(q='b+c')", vec!["b+c.txt"]),
        ("/root/search(q='ITS')", vec!["Its.txt"]),
        ("/root/search(q='')", vec!["b+c.txt", "it's a.txt", "Its.txt"]),
        ("/items/root/search(q=%27.TXT%27)", vec!["b+c.txt", "it's a.txt", "Its.txt"]),
        ("/search(q='its')", vec!["Its.txt"]),
        ("/search?q=a%20txt", vec!["it's a.txt"]),
    ] {
        let (status, found) = cloud.get(&anna, &format!("{base}{path}")).await;
        assert_eq!(status, StatusCode::OK, "{path} {found}");
        let names: Vec<String> =
            found["value"].as_array().expect("values").iter().map(|item| text(&item["name"])).collect();
        assert_eq!(names, expected, "{path}");
        assert!(
            found["value"]
                .as_array()
                .is_some_and(|items| items.iter().all(|item| item["parentReference"]["path"].is_string()))
        );
    }
    let (mut names, mut link) = (Vec::new(), format!("{base}/root/search(q='txt')?$top=2"));
    loop {
        let (status, page) = cloud.get(&anna, &link).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        names.extend(page["value"].as_array().expect("values").iter().map(|item| text(&item["name"])));
        match page["@odata.nextLink"].as_str() {
            Some(next) => link = next.replace("https://cloud.example", ""),
            None => break,
        }
    }
    assert_eq!(names, ["b+c.txt", "it's a.txt", "Its.txt"]);
}
