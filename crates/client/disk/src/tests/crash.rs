//! Crashes: a step is stopped at every gap between two system calls. At no gap is a version lost, and the next start
//! finds out what became of the step.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use engine::{Intent, IntentId, LocalChange, Recovered};

use super::fixture::{Fixture, everywhere};
use crate::recover::recover;
use crate::stop_point::testing::{at_points, no_points};
use crate::trash::parked_changes;

/// Runs a step and stops at the gap of that number. Tells where it stopped; none when the step ended before.
fn stopped_at(fixture: &Fixture, change: &LocalChange, number: usize) -> Option<&'static str> {
    let mut passed = 0;
    at_points(move |point| {
        if passed == number {
            resume_unwind(Box::new(point));
        }
        passed += 1;
    });
    let ended = catch_unwind(AssertUnwindSafe(|| fixture.apply(change.clone())));
    no_points();
    match ended {
        Ok(result) => {
            result.unwrap();
            None
        }
        Err(point) => Some(*point.downcast::<&'static str>().unwrap()),
    }
}

fn recovered(fixture: &Fixture, change: LocalChange) -> Recovered {
    let intent = Intent { id: IntentId(1), change, brings: None };
    recover(&fixture.root(), &[intent]).unwrap().remove(0)
}

/// Stops a step at each of its gaps in turn, each time in a fresh root.
fn at_every_gap(
    exchanges: bool,
    make: impl Fn(&Fixture) -> LocalChange,
    mut check: impl FnMut(&Fixture, &str, Recovered),
) {
    for folder in 0..everywhere().len() {
        let mut number = 0;
        loop {
            let mut fixture = everywhere().remove(folder);
            fixture.set_exchanges(exchanges);
            let change = make(&fixture);
            let Some(point) = stopped_at(&fixture, &change, number) else { break };
            assert!(fixture.readable().contains(&"old".to_owned()), "lost at {point}");
            fixture.restart();
            fixture.set_exchanges(exchanges);
            let became = recovered(&fixture, change);
            assert!(fixture.readable().contains(&"old".to_owned()), "lost after {point}");
            assert_eq!(parked_changes(&fixture.root()).unwrap(), [], "{point}");
            check(&fixture, point, became);
            number += 1;
        }
        assert!(number > 2);
    }
}

#[test]
fn row_45_a_replace_stopped_anywhere_is_done_or_not_done() {
    let make = |fixture: &Fixture| {
        fixture.write("a.txt", "old");
        fixture.replace("a.txt", fixture.stage("s", "new"))
    };
    at_every_gap(true, make, |fixture, point, became| match became {
        Recovered::NotStarted => {
            assert_eq!(fixture.text("a.txt").as_deref(), Some("old"), "{point}");
            assert_eq!((fixture.staged(), fixture.trashed()), (vec!["new".to_owned()], vec![]), "{point}");
        }
        Recovered::Finished => {
            assert_eq!(fixture.text("a.txt").as_deref(), Some("new"), "{point}");
            assert_eq!((fixture.staged(), fixture.trashed()), (vec![], vec!["old".to_owned()]), "{point}");
        }
        Recovered::Undone => panic!("{point}"),
    });
}

#[test]
fn row_45_a_replace_without_exchange_stopped_anywhere_is_done_or_not_done() {
    let make = |fixture: &Fixture| {
        fixture.write("a.txt", "old");
        fixture.replace("a.txt", fixture.stage("s", "new"))
    };
    at_every_gap(false, make, |fixture, point, became| {
        let expected = if became == Recovered::Finished { "new" } else { "old" };
        assert_eq!(fixture.text("a.txt").as_deref(), Some(expected), "{point}");
    });
}

#[test]
fn row_45_a_trash_stopped_anywhere_is_done_or_not_done() {
    let make = |fixture: &Fixture| {
        fixture.write("a.txt", "old");
        fixture.trash("a.txt")
    };
    at_every_gap(true, make, |fixture, point, became| {
        assert_eq!(fixture.text("a.txt").is_none(), became == Recovered::Finished, "{point}");
        assert_eq!(fixture.trashed().len(), usize::from(became == Recovered::Finished), "{point}");
    });
}

#[test]
fn row_45_a_place_and_a_move_stopped_anywhere_are_done_or_not_done() {
    let place = |fixture: &Fixture| fixture.place("b.txt", fixture.stage("s", "old"));
    at_every_gap(true, place, |fixture, point, became| {
        assert_eq!(fixture.text("b.txt").is_some(), became == Recovered::Finished, "{point}");
    });
    let relocate = |fixture: &Fixture| {
        fixture.write("a.txt", "old");
        let (node, _) = fixture.file("a.txt");
        LocalChange::Move { node, parent: fixture.top(), name: "b.txt".to_owned() }
    };
    at_every_gap(true, relocate, |fixture, point, became| {
        assert_eq!(fixture.text("b.txt").is_some(), became == Recovered::Finished, "{point}");
        assert_eq!(fixture.text("a.txt").is_none(), became == Recovered::Finished, "{point}");
    });
}

#[test]
fn an_edit_that_came_out_of_a_stopped_exchange_goes_back() {
    for mut fixture in everywhere() {
        fixture.write("a.txt", "old");
        let change = fixture.replace("a.txt", fixture.stage("s", "new"));
        let path = fixture.path.join("a.txt");
        at_points(move |point| match point {
            "replace: checked" => std::fs::write(&path, "edited").unwrap(),
            "replace: exchanged" => resume_unwind(Box::new(point)),
            _ => {}
        });
        assert!(catch_unwind(AssertUnwindSafe(|| fixture.apply(change.clone()))).is_err());
        no_points();
        assert_eq!(fixture.text("a.txt").as_deref(), Some("new"));
        fixture.restart();
        assert_eq!(recovered(&fixture, change), Recovered::Undone);
        assert_eq!(fixture.text("a.txt").as_deref(), Some("edited"));
        assert_eq!(fixture.trashed(), Vec::<String>::new());
    }
}

#[test]
fn recovery_without_any_state_loses_nothing_and_leaves_no_litter() {
    for number in 0.. {
        let mut fixture = Fixture::new();
        fixture.write("a.txt", "old");
        let change = fixture.replace("a.txt", fixture.stage("s", "new"));
        if stopped_at(&fixture, &change, number).is_none() {
            break;
        }
        fixture.restart();
        recover(&fixture.root(), &[]).unwrap();
        crate::stage::keep_stages(&fixture.root(), &[]).unwrap();
        assert!(fixture.readable().contains(&"old".to_owned()));
        assert_eq!(parked_changes(&fixture.root()).unwrap(), []);
    }
}
