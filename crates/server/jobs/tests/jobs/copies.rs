//! What a copied folder holds is copied by the worker.

use std::sync::Arc;

use drive::copy::{CopyRequest, load_copy, start_copy};
use drive::reading::ItemAddress;
use drive::sites::{NewSite, create_site};
use drive::{ConflictBehavior, EditRequest, edit};
use jobs::{FolderMailer, Sender, Worker};
use model::CopyState;
use testkit::cloud::Cloud;

#[tokio::test]
async fn the_worker_copies_what_a_folder_holds() {
    let cloud = Cloud::start().await;
    let anna = cloud.at_contoso(cloud.anna);
    let call = cloud.call(anna);
    let new = NewSite { name: "falcon".to_owned(), display_name: "Falcon".to_owned() };
    let library = create_site(&call, anna, new).await.expect("makes a site").library;
    let runtime = cloud.runtime().clone();
    let request = EditRequest { caller: anna, drive: library.id, runtime: runtime.clone() };
    edit(&call, request, move |editor| {
        let plans = editor.create_folder(library.root, "plans", ConflictBehavior::Fail, None)?.item.id;
        for number in 0..2_100 {
            editor.create_folder(plans, &format!("f{number}"), ConflictBehavior::Fail, None)?;
        }
        Ok(())
    })
    .await
    .expect("fills it");
    let request = CopyRequest {
        caller: anna,
        source_drive: library.id,
        source: ItemAddress { start: None, path: vec!["plans".to_owned()] },
        target: None,
        name: Some("copied".to_owned()),
        conflict: ConflictBehavior::Fail,
    };
    let started = start_copy(&call, request).await.expect("begins");
    let mailer = FolderMailer::new(cloud.folder.path().join("mail"), runtime.clone());
    let sender = Sender::new("no-reply@cloud.example").expect("an address");
    let worker = Worker::new(cloud.store.clone(), runtime, Arc::new(mailer), sender);
    let tried = worker.work_off_now().await.expect("works");
    assert!(tried > 1, "a large copy lets other jobs through: {tried}");
    let copy = load_copy(&cloud.store, started.monitor).await.expect("tells");
    assert_eq!((copy.state, copy.done), (CopyState::Completed, 2_101));
    assert_eq!(worker.work_off_now().await.expect("works"), 0, "the job is done");
}
