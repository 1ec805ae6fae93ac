//! S3: what the program says about a bucket it cannot use, and what it never says.

use std::time::Duration;

use content::{ContentError, ContentStore, S3Bucket};
use runtime::Runtime;
use testkit::s3_bucket;

const LIMIT: Duration = Duration::from_secs(60);

async fn probe(bucket: &S3Bucket) -> Result<(), ContentError> {
    ContentStore::s3(bucket)?.probe(&Runtime::tokio(), LIMIT).await
}

#[tokio::test]
async fn a_bucket_that_can_be_used_says_so_and_keeps_nothing_of_the_question() {
    let bucket = s3_bucket();
    probe(&bucket).await.expect("can be used");
    let within = S3Bucket { prefix: Some("footbridge/contents".to_owned()), ..bucket.clone() };
    probe(&within).await.expect("can be used");
    let folder = testkit::S3Server::shared().folder(&bucket.bucket);
    let kept = walk(&folder);
    assert_eq!(kept, Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn a_bucket_that_cannot_be_used_is_refused_without_telling_the_key() {
    let bucket = s3_bucket();
    let wrong = S3Bucket { secret_access_key: "hunter2-hunter2".to_owned(), ..bucket.clone() };
    let unknown = S3Bucket { access_key_id: "somebody".to_owned(), ..bucket };
    for bucket in [unknown, wrong] {
        let refused = probe(&bucket).await.expect_err("cannot be used");
        assert!(matches!(refused, ContentError::Probe { step: "written", .. }), "{refused:?}");
        let said = format!("{refused:?} {refused} {bucket:?}");
        assert!(!said.contains(&bucket.secret_access_key), "{said}");
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}
