//! May sync: every condition between a person and syncing a place (the seed of X02's "will it sync?").

use crate::{Decision, OpenFacts, Reason, may_open};

/// What was shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A site, a library or a folder.
    Folder,
    /// One file by itself.
    File,
}

/// How somebody came to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// Signed in, by a grant or a link that needs it.
    SignedIn,
    /// By a code from a mail.
    ByCode,
    /// By a link that needs no sign-in.
    WithoutSignIn,
}

/// What is known about the person and the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncFacts {
    /// Whether the place opens at all.
    pub open: OpenFacts,
    /// What was shared.
    pub shape: Shape,
    /// How it was opened (B03).
    pub opened: Opened,
}

/// Decides whether a person can sync a place: it opens, it is a folder, and it was shared by name.
#[must_use]
pub fn may_sync(facts: &SyncFacts) -> Decision {
    may_open(&facts.open).and(may_sync_what(facts.shape, facts.opened))
}

/// Decides whether what is open to somebody can be synced, by what it is and how it was opened (B03, B04, A12).
#[must_use]
pub fn may_sync_what(shape: Shape, opened: Opened) -> Decision {
    Decision::new()
        .require(Reason::SharedWithoutSignIn, opened != Opened::WithoutSignIn)
        .require(Reason::OpenedByCode, opened != Opened::ByCode)
        .require(Reason::SingleFile, shape == Shape::Folder)
}

#[cfg(test)]
mod tests {
    use model::{Role, SharingLevel};
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{Opened, Shape, SyncFacts, may_sync};
    use crate::open::tests::{accepted_guest, open_to};
    use crate::{OpenFacts, Reason, may_open};

    #[test]
    fn what_was_shared_decides_whether_it_syncs() {
        let open = open_to(accepted_guest());
        let cases = [
            (Shape::Folder, Opened::SignedIn, None),
            (Shape::File, Opened::SignedIn, Some(Reason::SingleFile)),
            (Shape::Folder, Opened::WithoutSignIn, Some(Reason::SharedWithoutSignIn)),
            (Shape::Folder, Opened::ByCode, Some(Reason::OpenedByCode)),
        ];
        for (shape, opened, expected) in cases {
            assert_eq!(may_sync(&SyncFacts { open, shape, opened }).refusal(), expected);
        }
    }

    #[test]
    fn every_condition_is_listed_not_only_the_first_failed() {
        let open = OpenFacts { role: None, level: SharingLevel::Disabled, ..open_to(accepted_guest()) };
        let decision = may_sync(&SyncFacts { open, shape: Shape::File, opened: Opened::SignedIn });
        let failed: Vec<_> =
            decision.checks().iter().filter(|check| !check.passed).map(|check| check.reason).collect();
        assert_eq!(failed, [Reason::SharingClosed, Reason::NoPermission, Reason::SingleFile]);
    }

    proptest! {
        #[test]
        fn whoever_may_sync_may_open(level in 0_usize..4, role in 0_usize..4, file in any::<bool>(), signed_in in any::<bool>()) {
            let open = OpenFacts {
                level: SharingLevel::ALL[level],
                role: Role::ALL.get(role).copied(),
                ..open_to(accepted_guest())
            };
            let shape = if file { Shape::File } else { Shape::Folder };
            let opened = if signed_in { Opened::SignedIn } else { Opened::WithoutSignIn };
            let sync = may_sync(&SyncFacts { open, shape, opened });
            prop_assert!(!sync.allows() || may_open(&open).allows());
        }
    }
}
