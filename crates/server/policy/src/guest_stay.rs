//! A guest's time in a site (sharing-and-guests.md 2.7): it is set when they first are given something there, by the
//! policy of that moment, and is judged at every request.

use model::{GuestStay, Lifetime, Principal, Timestamp};

/// Returns the stay of a guest who joins a site now (E-2). Who joins while no policy is in force has no end, also when
/// one comes later (E-3).
#[must_use]
pub fn begin_stay(life: Lifetime, now: Timestamp) -> GuestStay {
    GuestStay { joined: now, ends: life.end_from(now) }
}

/// Returns a stay prolonged by another full period (E-6); without a policy it has no end any more.
#[must_use]
pub fn extend_stay(stay: GuestStay, life: Lifetime, now: Timestamp) -> GuestStay {
    GuestStay { ends: life.end_from(now), ..stay }
}

/// Returns whether a stay is over. Nothing is deleted then: an extension brings everything back (E-4).
#[must_use]
pub fn is_over(stay: Option<GuestStay>, now: Timestamp) -> bool {
    stay.and_then(|stay| stay.ends).is_some_and(|end| end <= now)
}

/// Returns whether what is given to somebody outlasts their stay: what they have through a group does (E-4).
#[must_use]
pub fn outlasts_stay(given_to: Principal) -> bool {
    matches!(given_to, Principal::Group(_))
}

#[cfg(test)]
mod tests {
    use model::{GroupId, Lifetime, Principal, UserId};

    use super::{begin_stay, extend_stay, is_over, outlasts_stay};
    use crate::in_effect::tests::day;

    #[test]
    fn e_02_the_clock_starts_when_the_guest_joins_the_site() {
        let stay = begin_stay(Lifetime::Days(30), day(10));
        assert_eq!((stay.joined, stay.ends), (day(10), Some(day(40))));
        assert!(!is_over(Some(stay), day(39)));
        assert!(is_over(Some(stay), day(40)));
    }

    #[test]
    fn e_03_who_was_there_before_the_policy_has_no_end_and_turning_it_off_clears_none() {
        let before = begin_stay(Lifetime::Unlimited, day(0));
        assert!(!is_over(Some(before), day(100_000)));
        assert!(!is_over(None, day(100_000)), "given before stays were kept");
        // The end is the stay's own; no policy is asked when it is judged.
        assert!(is_over(Some(begin_stay(Lifetime::Days(30), day(0))), day(31)));
    }

    #[test]
    fn e_04_what_comes_through_a_group_outlasts_the_stay() {
        assert!(outlasts_stay(Principal::Group(GroupId::from_random([1; 16]))));
        assert!(!outlasts_stay(Principal::User(UserId::from_random([1; 16]))));
    }

    #[test]
    fn e_06_an_extension_is_another_full_period() {
        let stay = begin_stay(Lifetime::Days(30), day(0));
        let extended = extend_stay(stay, Lifetime::Days(30), day(35));
        assert_eq!((extended.joined, extended.ends), (day(0), Some(day(65))));
        assert_eq!(extend_stay(stay, Lifetime::Unlimited, day(35)).ends, None);
    }
}
