//! Sharing levels in effect (B05, B06): computed from what is stored, so that loosening brings everything back.

use model::SharingLevel;

use crate::{Decision, Reason};

/// Returns the level in effect at a site: the stricter of the organization's and its own (L-10, L-20).
#[must_use]
pub fn effective_level(organization: SharingLevel, site: SharingLevel) -> SharingLevel {
    organization.min(site)
}

/// Returns the level in effect for personal drives: never looser than the one for sites (L-1).
#[must_use]
pub fn personal_level(sites: SharingLevel, personal: SharingLevel) -> SharingLevel {
    sites.min(personal)
}

/// Returns whether guests who are in the directory come in at a level.
#[must_use]
pub fn admits_guests(level: SharingLevel) -> bool {
    level >= SharingLevel::ExistingGuests
}

/// Returns whether sharing may make new guests at a level (L-5).
#[must_use]
pub fn admits_new_guests(level: SharingLevel) -> bool {
    level >= SharingLevel::NewAndExistingGuests
}

/// Returns whether links that need no sign-in open at a level (L-4).
#[must_use]
pub fn admits_anyone_links(level: SharingLevel) -> bool {
    level >= SharingLevel::Anyone
}

/// Decides whether a site may be set to a level: as strict as the organization's or stricter.
#[must_use]
pub fn may_set_site_level(organization: SharingLevel, wanted: SharingLevel) -> Decision {
    Decision::new().require(Reason::LooserThanOrganization, wanted <= organization)
}

#[cfg(test)]
mod tests {
    use model::SharingLevel::{Anyone, Disabled, ExistingGuests, NewAndExistingGuests};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{admits_guests, admits_new_guests, effective_level, personal_level};
    use crate::level::may_set_site_level;

    #[test]
    fn a_site_is_never_looser_than_its_organization() {
        let cases = [
            (Anyone, Anyone, Anyone),
            (Anyone, Disabled, Disabled),
            (NewAndExistingGuests, Anyone, NewAndExistingGuests),
            (ExistingGuests, NewAndExistingGuests, ExistingGuests),
            (Disabled, Anyone, Disabled),
        ];
        for (organization, site, expected) in cases {
            assert_eq!(effective_level(organization, site), expected, "{organization:?} {site:?}");
            assert_eq!(personal_level(organization, site), expected);
            assert_eq!(may_set_site_level(organization, site).allows(), site <= organization);
        }
    }

    #[test]
    fn levels_admit_what_their_names_say() {
        let cases = [
            (Disabled, false, false),
            (ExistingGuests, true, false),
            (NewAndExistingGuests, true, true),
            (Anyone, true, true),
        ];
        for (level, guests, new_guests) in cases {
            assert_eq!((admits_guests(level), admits_new_guests(level)), (guests, new_guests), "{level:?}");
        }
    }

    proptest! {
        #[test]
        fn tightening_and_loosening_again_changes_nothing(site in 0_usize..4, before in 0_usize..4, during in 0_usize..4) {
            let all = model::SharingLevel::ALL;
            let stored = all[site];
            let first = effective_level(all[before], stored);
            let masked = effective_level(all[during].min(all[before]), stored);
            prop_assert!(masked <= first);
            prop_assert_eq!(effective_level(all[before], stored), first);
        }
    }
}
