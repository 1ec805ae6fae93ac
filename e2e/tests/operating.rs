//! The operator's commands on a running cloud: what one site may keep, and how many versions of a file (X10).

use anyhow::Context;
use e2e::world;
use serde_json::json;

const SITE: [&str; 4] = ["--domain", "contoso.example", "--site", "falcon"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_x10_the_operator_sets_how_many_versions_a_site_keeps_and_it_holds_at_once() -> anyhow::Result<()> {
    let mut world = world().await?;
    let site = world.story.owner_makes_the_site().await?;
    let (cloud, token) = (&world.story.cloud, &world.story.owner_token);
    let said = cloud.operate("quota", &[&SITE[..], &["--versions", "2", "--limit", "1GB"]].concat()).await?;
    assert!(said.contains("1000000000") && said.contains("keeps 2 versions"), "{said}");
    let refused = cloud.operate("quota", &["--domain", "contoso.example", "--versions", "2"]).await;
    assert!(refused.is_err(), "versions are a site's");
    let drives = format!("/sites/{}/drives", site["id"].as_str().context("an id")?);
    let drives = cloud.graph(token, "GET", &drives, None).await?;
    let file = format!("/drives/{}/root:/a.txt:", drives["value"][0]["id"].as_str().context("a library")?);
    for text in ["one", "two", "three"] {
        cloud.graph(token, "PUT", &format!("{file}/content"), Some(json!(text))).await?;
    }
    let versions = cloud.graph(token, "GET", &format!("{file}/versions"), None).await?;
    let kept: Vec<&str> = versions["value"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|version| version["id"].as_str())
        .collect();
    assert_eq!(kept, ["3.0", "2.0"]);
    let untouched = cloud.operate("quota", &SITE).await?;
    assert!(untouched.contains("keeps 2 versions"), "{untouched}");
    world.story.check_running()?;
    Ok(())
}
