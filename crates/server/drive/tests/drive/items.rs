//! Items: names, conditions, moves, the recycle bin, and who may change what.

use model::Role;
use transfer::{ItemRole, OperationChange, Outcome, PutTarget};

use crate::cloud::Cloud;

#[tokio::test]
async fn names_that_differ_only_by_case_collide_and_the_holder_is_told() {
    let cloud = Cloud::new().await;
    let first = cloud.folder(&cloud.root(), "Reports").await;
    let change = OperationChange::CreateFolder { parent: cloud.root(), name: "REPORTS".to_owned() };
    let error = cloud.refused(cloud.owner, change).await;
    assert_eq!((error.status, error.code.as_str()), (409, "nameAlreadyExists"));
    assert_eq!(error.current.map(|current| current.id), Some(first.id.clone()));
    let renamed = cloud.rename(&first, &cloud.root(), "REPORTS").await;
    assert_eq!((renamed.name.as_str(), renamed.id), ("REPORTS", first.id));
}

#[tokio::test]
async fn a_rule_of_names_is_named_in_the_refusal() {
    let cloud = Cloud::new().await;
    for (name, word) in [("a:b", "':'"), ("Forms", "forms"), ("x ", "space"), ("CON", "reserved")] {
        let change = OperationChange::CreateFolder { parent: cloud.root(), name: name.to_owned() };
        let error = cloud.refused(cloud.owner, change).await;
        assert_eq!((error.status, error.code.as_str()), (400, "invalidPath"), "{name}");
        assert!(error.message.contains(word), "{}", error.message);
    }
}

#[tokio::test]
async fn a_path_of_more_than_400_characters_is_refused() {
    let cloud = Cloud::new().await;
    let mut parent = cloud.root();
    for _ in 0..2 {
        parent = cloud.folder(&parent, &"x".repeat(150)).await.id;
    }
    let change = OperationChange::CreateFolder { parent, name: "y".repeat(150) };
    assert_eq!(cloud.refused(cloud.owner, change).await.code, "pathIsTooLong");
}

#[tokio::test]
async fn a_folder_does_not_move_to_where_its_contents_would_have_too_long_paths() {
    let cloud = Cloud::new().await;
    let tree = cloud.folder(&cloud.root(), "tree").await;
    let inner = cloud.folder(&tree.id, &"x".repeat(200)).await;
    let far = cloud.folder(&cloud.root(), &"y".repeat(200)).await;
    let to_far = |name: &str| OperationChange::Move {
        item: tree.id.clone(),
        parent: far.id.clone(),
        name: name.to_owned(),
        if_match: tree.e_tag.clone(),
    };
    assert_eq!(cloud.refused(cloud.owner, to_far("tree")).await.code, "pathIsTooLong");
    cloud.delete(&inner).await;
    cloud.done(to_far("tree")).await;
    let back = OperationChange::Restore { item: inner.id, parent: tree.id.clone(), name: "z".repeat(200) };
    assert_eq!(cloud.refused(cloud.owner, back).await.code, "pathIsTooLong");
}

#[tokio::test]
async fn a_stale_condition_is_answered_with_the_item_as_it_is() {
    let cloud = Cloud::new().await;
    let file = cloud.file(&cloud.root(), "a.txt", b"one").await;
    let newer = cloud.rename(&file, &cloud.root(), "b.txt").await;
    let delete = OperationChange::Delete { item: file.id.clone(), if_match: file.e_tag.clone() };
    let error = cloud.refused(cloud.owner, delete).await;
    assert_eq!((error.status, error.code.as_str()), (412, "resourceModified"));
    assert_eq!(error.current.as_ref().map(|current| current.name.as_str()), Some("b.txt"));
    // Renaming does not change the content's tag.
    let target = PutTarget::Existing { item: file.id.clone(), if_match: file.c_tag.clone() };
    let put = cloud.put(target.clone(), b"two").await;
    let outcome = cloud.apply_all(cloud.owner, vec![put]).await.expect("answers").remove(0);
    let Outcome::Done { item } = outcome else { panic!("{outcome:?}") };
    assert_ne!((item.e_tag, &item.c_tag), (newer.e_tag, &file.c_tag));
    let again = cloud.put(target, b"three").await;
    let outcome = cloud.apply_all(cloud.owner, vec![again]).await.expect("answers").remove(0);
    assert!(matches!(outcome, Outcome::Refused { error } if error.status == 412));
}

#[tokio::test]
async fn a_folder_cannot_move_into_itself() {
    let cloud = Cloud::new().await;
    let outer = cloud.folder(&cloud.root(), "outer").await;
    let inner = cloud.folder(&outer.id, "inner").await;
    for parent in [&outer.id, &inner.id] {
        let (parent, name) = (parent.clone(), "x".to_owned());
        let change =
            OperationChange::Move { item: outer.id.clone(), parent, name, if_match: outer.e_tag.clone() };
        assert_eq!(cloud.refused(cloud.owner, change).await.status, 409);
    }
}

#[tokio::test]
async fn a_deleted_file_comes_back_under_its_id_and_its_name_is_free_meanwhile() {
    let cloud = Cloud::new().await;
    let folder = cloud.folder(&cloud.root(), "f").await;
    let file = cloud.file(&folder.id, "a.txt", b"one").await;
    let busy = OperationChange::Delete { item: folder.id.clone(), if_match: folder.e_tag.clone() };
    assert_eq!(cloud.refused(cloud.owner, busy).await.code, "folderNotEmpty");
    cloud.delete(&file).await;
    let other = cloud.file(&folder.id, "a.txt", b"two").await;
    assert_ne!(other.id, file.id);
    let restore = |name: &str| OperationChange::Restore {
        item: file.id.clone(),
        parent: folder.id.clone(),
        name: name.to_owned(),
    };
    assert_eq!(cloud.refused(cloud.owner, restore("A.TXT")).await.status, 409);
    let back = cloud.done(restore("b.txt")).await;
    assert_eq!((back.id, back.content), (file.id.clone(), file.content));
    assert_eq!(cloud.refused(cloud.owner, restore("c.txt")).await.status, 404);
}

#[tokio::test]
async fn a_guest_of_a_folder_sees_and_changes_it_and_nothing_above() {
    let cloud = Cloud::new().await;
    let secret = cloud.folder(&cloud.root(), "secret").await;
    let shared = cloud.folder(&secret.id, "shared").await;
    let file = cloud.file(&secret.id, "hidden.txt", b"x").await;
    let guest = cloud.guest("gus").await;
    let make =
        |parent: &str| OperationChange::CreateFolder { parent: parent.to_owned(), name: "new".to_owned() };
    let hidden = cloud.apply_all(guest, Vec::new()).await;
    assert!(hidden.is_err(), "a drive without any right is hidden");
    let permission = cloud.share(&shared.id, guest, Role::Read).await;
    assert_eq!(cloud.refused(guest, make(&shared.id)).await.status, 403);
    cloud.revoke(permission).await;
    cloud.share(&shared.id, guest, Role::Write).await;
    let Outcome::Done { item } = cloud.apply(guest, make(&shared.id)).await else { panic!("refused") };
    assert_eq!((item.parent.as_deref(), item.role), (Some(shared.id.as_str()), ItemRole::Write));
    for parent in [&secret.id, &cloud.root(), &file.id] {
        let error = cloud.refused(guest, make(parent)).await;
        assert_eq!((error.status, error.current), (404, None));
    }
    let (item, if_match) = (shared.id.clone(), shared.e_tag.clone());
    let delete = OperationChange::Delete { item: item.clone(), if_match: if_match.clone() };
    assert_eq!(cloud.refused(guest, delete).await.status, 403, "the root of the share stays");
    let name = "mine".to_owned();
    let rename = OperationChange::Move { item, parent: shared.id.clone(), name, if_match };
    assert_eq!(cloud.refused(guest, rename).await.status, 403);
}
