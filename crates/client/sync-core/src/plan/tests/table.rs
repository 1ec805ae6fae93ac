//! Table: the conflict rows of sync-engine.md section 4, one described case each, played to the end in a small world.
//!
//! One file above 400 lines, so that the catalogue can be read from top to bottom beside the reference.

use transfer::{DeltaEntry, ItemRole, RemovalReason};

use super::model::{Model, bytes};
use crate::plan::{NodeRef, Plan, Policy, Question};
use crate::{ItemId, LocalId, LocalNode, NameIssue, Problem, RemoteNode, is_conflict_name};

/// A world with a folder `docs` holding the file `plan.txt` (content 10) on both sides.
struct Case {
    model: Model,
    docs: (ItemId, LocalId),
    plan: (ItemId, LocalId),
}

fn case() -> Case {
    let mut model = Model::new();
    let docs = model.add_both("root", "docs", None).unwrap();
    let plan = model.add_both(docs.0.as_str(), "plan.txt", Some(10)).unwrap();
    Case { model, docs, plan }
}

impl Case {
    fn settle(&mut self) -> Plan {
        self.model.scan();
        let (plan, _) = self.model.settle(|_| {});
        self.model.check_equal(&plan);
        plan
    }

    /// Paths on disk with the token of their bytes, folders with 0.
    fn here(&self) -> Vec<(String, u32)> {
        let model = &self.model;
        let token = |node: &LocalNode| {
            let content = model.truth.get(&node.id);
            (0..100).find(|token| Some(&bytes(*token)) == content).unwrap_or(0)
        };
        let mut list: Vec<(String, u32)> = model
            .local
            .tree()
            .iter()
            .filter(|node| node.parent.is_some())
            .map(|node| (model.local.path(&node.id).map(String::from).unwrap_or_default(), token(node)))
            .collect();
        list.sort();
        list
    }

    fn paths(&self) -> Vec<String> {
        self.here().into_iter().map(|(path, _)| path).collect()
    }

    fn read_only(&mut self) {
        let nodes: Vec<RemoteNode> = self.model.remote.tree().iter().cloned().collect();
        for node in nodes {
            self.model.remote.put(RemoteNode { role: ItemRole::Read, ..node }).unwrap();
        }
    }
}

fn root() -> LocalId {
    LocalId::new(1, 0)
}

#[test]
fn row_01_two_edits_keep_the_servers_under_the_name_and_the_local_beside_it() {
    let mut case = case();
    case.model.write_local(case.plan.1, 21, Some(()));
    case.model.write_remote(&case.plan.0, 22);
    case.settle();
    let here = case.here();
    assert_eq!(here.len(), 3);
    assert!(here.contains(&("docs/plan.txt".to_owned(), 22)));
    assert!(here.iter().any(|(path, token)| is_conflict_name(path) && *token == 21));
    assert_eq!(case.model.remote.get(&case.plan.0).unwrap().content, Some(bytes(22)));
}

#[test]
fn row_02_two_equal_edits_are_adopted_without_a_copy() {
    let mut case = case();
    case.model.write_local(case.plan.1, 21, None);
    case.model.write_remote(&case.plan.0, 21);
    case.settle();
    assert_eq!(case.here(), [("docs".to_owned(), 0), ("docs/plan.txt".to_owned(), 21)]);
}

#[test]
fn row_03_a_remote_edit_beats_a_local_delete() {
    let mut case = case();
    case.model.delete_local(case.plan.1);
    case.model.write_remote(&case.plan.0, 22);
    case.settle();
    assert_eq!(case.here(), [("docs".to_owned(), 0), ("docs/plan.txt".to_owned(), 22)]);
}

#[test]
fn row_04_a_local_edit_beats_a_remote_delete_and_keeps_the_id() {
    let mut case = case();
    case.model.write_local(case.plan.1, 21, None);
    case.model.delete_remote(&case.plan.0);
    case.settle();
    assert_eq!(case.model.remote.get(&case.plan.0).unwrap().content, Some(bytes(21)));
}

#[test]
fn row_04_where_restoring_is_refused_it_becomes_a_new_item() {
    let mut case = case();
    case.model.write_local(case.plan.1, 21, Some(()));
    case.model.delete_remote(&case.plan.0);
    case.model.policy.unrestorable.insert(case.plan.0.clone());
    case.settle();
    assert_eq!(case.here(), [("docs".to_owned(), 0), ("docs/plan.txt".to_owned(), 21)]);
    assert!(case.model.remote.get(&case.plan.0).is_none());
}

#[test]
fn row_04_in_a_share_for_viewing_the_edit_stays_on_disk_as_a_problem() {
    let mut case = case();
    case.read_only();
    let item = case.plan.0.clone();
    case.model.synced.update(vec![SyncedRow::read_only(&case.model, &item)], &[]).unwrap();
    case.model.write_local(case.plan.1, 21, Some(()));
    case.model.delete_remote(&item);
    let plan = case.settle();
    assert_eq!(plan.blocked.get(&NodeRef::Item(item)), Some(&Problem::ViewOnly));
    assert!(case.here().contains(&("docs/plan.txt".to_owned(), 21)));
}

struct SyncedRow;

impl SyncedRow {
    fn read_only(model: &Model, item: &ItemId) -> crate::SyncedNode {
        crate::SyncedNode { role: ItemRole::Read, ..model.synced.get(item).unwrap().clone() }
    }
}

#[test]
fn row_05_a_local_move_beats_a_remote_delete() {
    let mut case = case();
    case.model.move_local(case.plan.1, root(), "kept.txt").unwrap();
    case.model.delete_remote(&case.plan.0);
    case.settle();
    assert_eq!(case.model.remote.get(&case.plan.0).unwrap().name, "kept.txt");
}

#[test]
fn row_06_of_two_moves_the_servers_stands() {
    let mut case = case();
    let (one, two) = (
        case.model.add_both("root", "one", None).unwrap(),
        case.model.add_both("root", "two", None).unwrap(),
    );
    case.model.move_local(case.plan.1, one.1, "plan.txt").unwrap();
    case.model.move_remote(&case.plan.0, &two.0, "plan.txt").unwrap();
    case.settle();
    assert_eq!(case.paths(), ["docs", "one", "two", "two/plan.txt"]);
}

#[test]
fn row_07_a_move_and_a_rename_merge() {
    let mut case = case();
    let other = case.model.add_both("root", "other", None).unwrap();
    case.model.move_local(case.plan.1, other.1, "plan.txt").unwrap();
    case.model.move_remote(&case.plan.0, &case.docs.0, "final.txt").unwrap();
    case.settle();
    assert_eq!(case.paths(), ["docs", "other", "other/final.txt"]);
}

#[test]
fn row_08_a_folder_deleted_there_lives_on_for_what_was_moved_into_it_here() {
    let mut case = case();
    let note = case.model.add_both("root", "note.txt", Some(11)).unwrap();
    case.model.move_local(note.1, case.docs.1, "note.txt").unwrap();
    case.model.delete_remote(&case.docs.0);
    case.settle();
    assert_eq!(case.paths(), ["docs", "docs/note.txt"]);
    assert_eq!(case.model.remote.get(&note.0).unwrap().parent, Some(case.docs.0));
}

#[test]
fn row_09_moves_that_would_make_a_ring_end_as_the_server_has_it() {
    let mut case = case();
    let other = case.model.add_both("root", "other", None).unwrap();
    case.model.move_local(other.1, case.docs.1, "other").unwrap();
    case.model.move_remote(&case.docs.0, &other.0, "docs").unwrap();
    case.settle();
    assert_eq!(case.paths(), ["other", "other/docs", "other/docs/plan.txt"]);
}

#[test]
fn row_10_an_edit_and_a_move_both_apply() {
    let mut case = case();
    case.model.write_local(case.plan.1, 21, None);
    case.model.move_remote(&case.plan.0, &ItemId::new("root"), "plan.txt").unwrap();
    case.settle();
    assert_eq!(case.here(), [("docs".to_owned(), 0), ("plan.txt".to_owned(), 21)]);
}

#[test]
fn row_11_two_deletes_agree() {
    let mut case = case();
    case.model.delete_local(case.docs.1);
    case.model.delete_remote(&case.docs.0);
    case.settle();
    assert!(case.paths().is_empty() && case.model.synced.tree().is_empty());
}

#[test]
fn row_12_equal_files_made_on_both_sides_are_bound() {
    let mut case = case();
    let here = case.model.add_local(root(), "new.txt", Some(30)).unwrap();
    let there = case.model.add_remote("root", "new.txt", Some(30)).unwrap();
    case.settle();
    assert_eq!(case.model.synced.of_local(&here).map(|row| row.item.clone()), Some(there));
}

#[test]
fn row_13_different_files_of_one_name_are_both_kept() {
    let mut case = case();
    case.model.add_local(root(), "new.txt", Some(30)).unwrap();
    case.model.add_remote("root", "new.txt", Some(31)).unwrap();
    case.settle();
    let here = case.here();
    assert!(here.contains(&("new.txt".to_owned(), 31)));
    assert!(here.iter().any(|(path, token)| is_conflict_name(path) && *token == 30));
}

#[test]
fn row_14_folders_of_one_name_merge() {
    let mut case = case();
    let here = case.model.add_local(root(), "pictures", None).unwrap();
    case.model.add_local(here, "a.jpg", Some(30)).unwrap();
    let there = case.model.add_remote("root", "pictures", None).unwrap();
    case.model.add_remote(there.as_str(), "b.jpg", Some(31)).unwrap();
    case.settle();
    assert_eq!(case.paths(), ["docs", "docs/plan.txt", "pictures", "pictures/a.jpg", "pictures/b.jpg"]);
}

#[test]
fn row_15_a_file_and_a_folder_of_one_name_are_both_kept() {
    let mut case = case();
    let here = case.model.add_local(root(), "thing", None).unwrap();
    case.model.add_local(here, "inside.txt", Some(30)).unwrap();
    case.model.add_remote("root", "thing", Some(31)).unwrap();
    case.settle();
    let here = case.here();
    assert!(here.contains(&("thing".to_owned(), 31)));
    assert!(here.iter().any(|(path, token)| path.ends_with("/inside.txt") && *token == 30));
}

#[test]
fn row_16_of_two_names_that_differ_by_case_the_later_is_blocked() {
    let mut case = case();
    case.model.add_local(root(), "A.txt", Some(30)).unwrap();
    let later = case.model.add_local(root(), "a.txt", Some(31)).unwrap();
    let plan = case.settle();
    assert_eq!(plan.blocked.get(&NodeRef::Local(later)), Some(&Problem::CaseClash));
}

#[test]
fn row_17_a_rename_by_case_is_one_rename() {
    for remote in [None, Some(())] {
        let mut case = case();
        match remote {
            None => case.model.move_local(case.plan.1, case.docs.1, "PLAN.txt").unwrap(),
            Some(()) => case.model.move_remote(&case.plan.0, &case.docs.0, "PLAN.txt").unwrap(),
        }
        case.settle();
        assert_eq!(case.paths(), ["docs", "docs/PLAN.txt"]);
        assert_eq!(case.model.remote.get(&case.plan.0).unwrap().name, "PLAN.txt");
    }
}

#[test]
fn row_17_a_folder_made_on_both_sides_takes_the_servers_spelling() {
    let mut case = case();
    case.model.add_remote("root", "Plans", None).unwrap();
    let plans = case.model.add_local(root(), "plans", None).unwrap();
    case.model.add_local(plans, "new.txt", Some(20)).unwrap();
    case.settle();
    assert_eq!(case.paths(), ["Plans", "Plans/new.txt", "docs", "docs/plan.txt"]);
}

#[test]
fn a_folder_that_took_the_name_of_what_was_moved_into_it_arrives() {
    let mut case = case();
    let model = &mut case.model;
    model.move_remote(&case.docs.0, &ItemId::new("root"), "aside").unwrap();
    let outer = model.add_remote("root", "docs", None).unwrap();
    let between = model.add_remote(outer.as_str(), "between", None).unwrap();
    model.move_remote(&case.docs.0, &between, "docs").unwrap();
    case.settle();
    assert_eq!(case.paths(), ["docs", "docs/between", "docs/between/docs", "docs/between/docs/plan.txt"]);
}

#[test]
fn row_18_one_name_in_two_normal_forms_is_one_file_and_keeps_both_spellings() {
    let mut case = case();
    case.model.add_local(root(), "cafe\u{301}", Some(30)).unwrap();
    let there = case.model.add_remote("root", "caf\u{e9}", Some(30)).unwrap();
    case.settle();
    assert!(case.paths().contains(&"cafe\u{301}".to_owned()));
    assert_eq!(case.model.remote.get(&there).unwrap().name, "caf\u{e9}");
}

#[test]
fn row_19_a_conflict_of_a_conflict_does_not_stack_names() {
    let mut case = case();
    case.model.write_local(case.plan.1, 21, Some(()));
    case.model.write_remote(&case.plan.0, 22);
    case.settle();
    let copy = case.model.local.tree().iter().find(|node| is_conflict_name(&node.name)).cloned().unwrap();
    let item = case.model.synced.of_local(&copy.id).unwrap().item.clone();
    case.model.write_local(copy.id, 23, Some(()));
    case.model.write_remote(&item, 24);
    case.settle();
    let names: Vec<String> = case.paths().into_iter().filter(|path| is_conflict_name(path)).collect();
    assert_eq!(names.len(), 2);
    assert!(names.iter().all(|name| name.matches("conflict").count() == 1), "{names:?}");
}

#[test]
fn row_20_a_folder_deleted_there_loses_only_what_is_clean() {
    let mut case = case();
    case.model.add_local(case.docs.1, "draft.txt", Some(30)).unwrap();
    case.model.delete_remote(&case.docs.0);
    case.settle();
    assert_eq!(case.here(), [("docs".to_owned(), 0), ("docs/draft.txt".to_owned(), 30)]);
    assert!(case.model.trash.contains(&bytes(10)));
}

#[test]
fn row_21_a_mass_delete_is_asked_about_and_holds_nothing_else() {
    let mut case = case();
    let many: Vec<(ItemId, LocalId)> =
        (0..60).map(|n| case.model.add_both("root", &format!("f{n}"), Some(n + 40)).unwrap()).collect();
    case.model.policy.mass_delete = crate::plan::Policy::MASS_DELETE;
    for (_, local) in &many {
        case.model.delete_local(*local);
    }
    case.model.add_local(root(), "new.txt", Some(31)).unwrap();
    case.model.scan();
    let (plan, _) = case.model.settle(|_| {});
    let [Question::MassDelete { items, total }] = plan.questions.as_slice() else { panic!("{plan:?}") };
    assert_eq!((items.len(), *total), (60, 63));
    assert_eq!(case.model.remote.tree().len(), 64);
    case.model.policy.confirmed_deletes = items.clone();
    case.settle();
    assert_eq!(case.model.remote.tree().len(), 4);
}

#[test]
fn row_25_a_name_the_library_refuses_blocks_that_file_only() {
    let mut case = case();
    let bad = case.model.add_local(root(), "what?.txt", Some(30)).unwrap();
    case.model.add_local(root(), "good.txt", Some(31)).unwrap();
    let plan = case.settle();
    let problem = Problem::NameNotAllowed { issue: NameIssue::Character };
    assert_eq!(plan.blocked.get(&NodeRef::Local(bad)), Some(&problem));
    assert_eq!(case.model.remote.tree().len(), 4);
}

#[test]
fn an_unfinished_download_is_told_and_a_lock_file_is_not() {
    let mut case = case();
    let unfinished = case.model.add_local(root(), "movie.part", Some(30)).unwrap();
    let lock = case.model.add_local(root(), ".~lock.Budget.ods#", Some(31)).unwrap();
    case.model.scan();
    let (plan, _) = case.model.settle(|_| {});
    assert_eq!(plan.blocked.get(&NodeRef::Local(unfinished)), Some(&Problem::TemporaryName));
    assert_eq!(plan.blocked.get(&NodeRef::Local(lock)), None);
    assert_eq!(case.model.remote.tree().len(), 3);
}

#[test]
fn row_27_a_hostile_name_is_never_placed() {
    for name in ["..", "a/b", "x\u{0}", ".footbridge", "a\nb", ""] {
        let mut case = case();
        let bad = case.model.add_remote("root", name, None).unwrap();
        case.model.add_remote(bad.as_str(), "child", Some(30)).unwrap();
        let plan = case.settle();
        assert!(
            matches!(plan.blocked.get(&NodeRef::Item(bad)), Some(Problem::NameFromServer { .. })),
            "{name:?}"
        );
        assert_eq!(case.paths(), ["docs", "docs/plan.txt"]);
    }
}

#[test]
fn rows_28_to_30_what_cannot_sync_keeps_its_folder_alive() {
    let mut case = case();
    let link = case.model.add_local(case.docs.1, "link", Some(30)).unwrap();
    let node = case.model.local.get(&link).cloned().unwrap();
    case.model
        .local
        .update(vec![LocalNode { problem: Some(Box::new(Problem::Symlink)), ..node }], &[])
        .unwrap();
    case.model.delete_remote(&case.docs.0);
    let plan = case.settle();
    assert_eq!(plan.blocked.get(&NodeRef::Local(link)), Some(&Problem::Symlink));
    assert_eq!(case.paths(), ["docs", "docs/link"]);
}

#[test]
fn row_31_disposable_leftovers_go_with_their_folder_and_precious_ones_keep_it() {
    for (name, paths) in [("~$plan.txt", vec![]), ("film.part", vec!["docs", "docs/film.part"])] {
        let mut case = case();
        case.model.add_local(case.docs.1, name, Some(30)).unwrap();
        case.model.delete_remote(&case.docs.0);
        case.model.scan();
        case.model.settle(|_| {});
        assert_eq!(case.paths(), paths, "{name}");
    }
}

#[test]
fn row_32_a_file_saved_by_replacing_keeps_its_item() {
    let mut case = case();
    case.model.delete_local(case.plan.1);
    case.model.add_local(case.docs.1, "plan.txt", Some(21)).unwrap();
    case.settle();
    assert_eq!(case.model.remote.get(&case.plan.0).unwrap().content, Some(bytes(21)));
    assert_eq!(case.model.remote.tree().len(), 3);
}

#[test]
fn row_32_a_file_saved_by_way_of_a_backup_keeps_its_item() {
    let mut case = case();
    case.model.move_local(case.plan.1, case.docs.1, "plan.txt~").unwrap();
    case.model.add_local(case.docs.1, "plan.txt", Some(21)).unwrap();
    case.settle();
    assert_eq!(case.model.remote.get(&case.plan.0).unwrap().content, Some(bytes(21)));
}

#[test]
fn row_40_without_a_base_equal_is_bound_different_is_kept_twice_and_nothing_is_deleted() {
    let mut case = case();
    let only_here = case.model.add_local(root(), "here.txt", Some(30)).unwrap();
    case.model.add_remote("root", "there.txt", Some(31)).unwrap();
    case.model.write_local(case.plan.1, 21, Some(()));
    case.model.synced = crate::Synced::new(ItemId::new("root"), root());
    case.settle();
    assert!(case.model.synced.of_local(&only_here).is_some());
    let tokens: Vec<u32> =
        case.here().into_iter().map(|(_, token)| token).filter(|token| *token > 0).collect();
    assert_eq!(tokens.len(), 4);
    for token in [10, 21, 30, 31] {
        assert!(tokens.contains(&token), "{token}");
    }
}

#[test]
fn row_42_what_a_fresh_enumeration_does_not_list_stays_on_disk() {
    let mut case = case();
    case.model.remote.replace(&[]).unwrap();
    let plan = case.settle();
    assert_eq!(case.paths(), ["docs", "docs/plan.txt"]);
    assert_eq!(plan.blocked.get(&NodeRef::Item(case.plan.0)), Some(&Problem::NotOnServer));
}

#[test]
fn r_b15_a_share_for_viewing_takes_changes_in_and_lets_none_out() {
    let mut case = case();
    let other = case.model.add_both("root", "other.txt", Some(11)).unwrap();
    case.read_only();
    let mine = case.model.add_local(root(), "mine.txt", Some(30)).unwrap();
    case.model.write_local(case.plan.1, 21, None);
    case.model.write_remote(&other.0, 22);
    let plan = case.settle();
    assert_eq!(plan.blocked.get(&NodeRef::Local(mine)), Some(&Problem::ViewOnly));
    assert_eq!(plan.blocked.get(&NodeRef::Item(case.plan.0.clone())), Some(&Problem::ViewOnly));
    assert!(case.here().contains(&("other.txt".to_owned(), 22)));
    assert!(case.here().contains(&("docs/plan.txt".to_owned(), 21)));
    assert_eq!(case.model.remote.get(&case.plan.0).unwrap().content, Some(bytes(10)));
}

#[test]
fn r_d10_lost_access_leaves_every_file_where_it_is() {
    let mut case = case();
    case.model.write_local(case.plan.1, 21, Some(()));
    let removed = |item: &ItemId| DeltaEntry::Removed {
        id: item.as_str().to_owned(),
        reason: RemovalReason::AccessRevoked,
        op: None,
    };
    case.model.remote.apply(&[removed(&case.docs.0)]).unwrap();
    let plan = case.settle();
    assert!(plan.batch.is_empty());
    assert_eq!(case.here(), [("docs".to_owned(), 0), ("docs/plan.txt".to_owned(), 21)]);
    assert_eq!(plan.blocked.get(&NodeRef::Item(case.plan.0)), Some(&Problem::AccessRemoved));
}

#[test]
fn a_swap_of_names_goes_through_on_either_side() {
    for remote in [None, Some(())] {
        let mut case = case();
        let two = case.model.add_both(case.docs.0.as_str(), "two.txt", Some(11)).unwrap();
        match remote {
            None => {
                case.model.move_local(case.plan.1, root(), "x").unwrap();
                case.model.move_local(two.1, case.docs.1, "plan.txt").unwrap();
                case.model.move_local(case.plan.1, case.docs.1, "two.txt").unwrap();
            }
            Some(()) => {
                let root = ItemId::new("root");
                case.model.move_remote(&case.plan.0, &root, "x").unwrap();
                case.model.move_remote(&two.0, &case.docs.0, "plan.txt").unwrap();
                case.model.move_remote(&case.plan.0, &case.docs.0, "two.txt").unwrap();
            }
        }
        case.settle();
        let expected = [("docs", 0), ("docs/plan.txt", 11), ("docs/two.txt", 10)];
        assert_eq!(case.here(), expected.map(|(path, token)| (path.to_owned(), token)));
    }
}

#[test]
fn a_small_file_waits_for_no_portion_of_large_ones() {
    let mut model = Model::new();
    let large = 1 + transfer::OperationBatch::MAX_INLINE as u64;
    for n in 0..3 {
        let local = model.add_local(root(), &format!("a{n}.mov"), Some(n)).unwrap();
        let node = model.local.get(&local).cloned().unwrap();
        let fingerprint = crate::Fingerprint { size: large, ..node.fingerprint };
        model.local.update(vec![LocalNode { fingerprint, ..node }], &[]).unwrap();
    }
    let small = model.add_local(root(), "b.txt", Some(9)).unwrap();
    model.policy.most = 1;
    let plan = model.plan();
    assert!(plan.batch.iter().any(|op| op.local() == Some(small)), "{:?}", plan.batch);
    assert_eq!((plan.batch.len(), plan.left), (2, 2));
}

#[test]
fn ten_thousand_new_files_are_one_batch_per_level() {
    let mut model = Model::new();
    let mut folders = vec![root()];
    for n in 0..100 {
        folders.push(model.add_local(root(), &format!("d{n}"), None).unwrap());
    }
    for n in 0..10_000_usize {
        let folder = folders[1 + n % 100];
        model.add_local(folder, &format!("file {n}.txt"), Some(u32::try_from(n).unwrap())).unwrap();
    }
    let plan = model.plan();
    assert_eq!(plan.batch.len(), 100);
    for op in &plan.batch {
        model.apply(op).unwrap();
    }
    #[expect(clippy::disallowed_methods, reason = "a measurement, printed and not asserted")]
    let started = std::time::Instant::now();
    let plan = model.plan();
    println!("planned {} new files in {:?}", plan.batch.len(), started.elapsed());
    assert_eq!((plan.batch.len(), plan.left), (Policy::MOST, 10_000 - Policy::MOST));
    model.policy.most = 10_000;
    assert_eq!(model.plan().batch.len(), 10_000);
}
