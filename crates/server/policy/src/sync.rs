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

/// What is known about the person and the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncFacts {
    /// Whether the place opens at all.
    pub open: OpenFacts,
    /// What was shared.
    pub shape: Shape,
    /// Whether access came by a grant or link that needs sign-in (B03).
    pub signed_in: bool,
}

/// Decides whether a person can sync a place: it opens, it is a folder, and it was shared by name.
#[must_use]
pub fn may_sync(facts: &SyncFacts) -> Decision {
    may_open(&facts.open)
        .require(Reason::SharedWithoutSignIn, facts.signed_in)
        .require(Reason::SingleFile, facts.shape == Shape::Folder)
}

#[cfg(test)]
mod tests {
    use model::{Role, SharingLevel};
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{Shape, SyncFacts, may_sync};
    use crate::open::tests::{accepted_guest, open_to};
    use crate::{OpenFacts, Reason, may_open};

    #[test]
    fn what_was_shared_decides_whether_it_syncs() {
        let open = open_to(accepted_guest());
        let cases = [
            (Shape::Folder, true, None),
            (Shape::File, true, Some(Reason::SingleFile)),
            (Shape::Folder, false, Some(Reason::SharedWithoutSignIn)),
        ];
        for (shape, signed_in, expected) in cases {
            assert_eq!(may_sync(&SyncFacts { open, shape, signed_in }).refusal(), expected);
        }
    }

    #[test]
    fn every_condition_is_listed_not_only_the_first_failed() {
        let open = OpenFacts { role: None, level: SharingLevel::Disabled, ..open_to(accepted_guest()) };
        let decision = may_sync(&SyncFacts { open, shape: Shape::File, signed_in: true });
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
            let sync = may_sync(&SyncFacts { open, shape, signed_in });
            prop_assert!(!sync.allows() || may_open(&open).allows());
        }
    }
}
