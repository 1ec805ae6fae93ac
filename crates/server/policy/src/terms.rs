//! Terms of use: whether an acceptance still stands (5.7).

use model::{Agreement, TermsAnswer, TermsVersion, Timestamp};

/// Returns whether a person's last answer is an acceptance that stood when their session began. What changed after that
/// counts from the next session on.
#[must_use]
pub fn terms_stand(
    agreement: &Agreement,
    versions: &[TermsVersion],
    answer: Option<&TermsAnswer>,
    begun: Timestamp,
) -> bool {
    let Some(answer) = answer.filter(|answer| answer.accepted) else { return false };
    let asked = versions.iter().filter(|version| version.reaccept && version.published <= begun);
    let newest = asked.map(|version| version.version).max().unwrap_or(1);
    let age = seconds(begun).saturating_sub(seconds(answer.at));
    let lapsed = agreement.reaccept_every_s.is_some_and(|every| age >= every);
    let ended = agreement.expiry.is_some_and(|expiry| {
        let (from, every) = (seconds(expiry.from), expiry.every_s.max(1));
        let past = seconds(begun).saturating_sub(from);
        past >= 0 && seconds(answer.at) < from.saturating_add(past / every * every)
    });
    answer.version >= newest && !lapsed && !ended
}

fn seconds(time: Timestamp) -> i64 {
    time.as_second()
}

#[cfg(test)]
mod tests {
    use model::{Agreement, TermsAnswer, TermsExpiry, TermsId, TermsVersion, Timestamp, UserId};

    use super::terms_stand;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    fn agreement() -> Agreement {
        Agreement {
            id: TermsId::from_random([1; 16]),
            display_name: "Terms".to_owned(),
            viewing_required: false,
            expiry: None,
            reaccept_every_s: None,
            created: at(0),
        }
    }

    fn answer(version: i64, second: i64) -> TermsAnswer {
        TermsAnswer { user: UserId::from_random([2; 16]), version, accepted: true, at: at(second) }
    }

    fn version(version: i64, reaccept: bool, second: i64) -> TermsVersion {
        TermsVersion { version, reaccept, published: at(second) }
    }

    #[test]
    fn s_5_7_a_new_version_asks_again_only_if_the_administrator_chose_so_and_from_the_next_session() {
        let (first, minor, major) = (version(1, true, 0), version(2, false, 20), version(3, true, 30));
        let stands = |versions: &[TermsVersion], begun| {
            terms_stand(&agreement(), versions, Some(&answer(1, 10)), at(begun))
        };
        assert!(stands(&[first], 15) && stands(&[first, minor], 25));
        assert!(stands(&[first, minor, major], 29), "a session that began before goes on");
        assert!(!stands(&[first, minor, major], 30));
        assert!(terms_stand(&agreement(), &[first, minor, major], Some(&answer(3, 40)), at(29)));
    }

    #[test]
    fn s_5_7_acceptances_end_for_everybody_or_for_each_and_a_refusal_is_none() {
        let versions = [version(1, true, 0)];
        let stands = |agreement: &Agreement, given, begun| {
            terms_stand(agreement, &versions, Some(&answer(1, given)), at(begun))
        };
        let everybody = Agreement { expiry: Some(TermsExpiry { from: at(100), every_s: 50 }), ..agreement() };
        assert!(stands(&everybody, 10, 99) && !stands(&everybody, 10, 100));
        assert!(
            stands(&everybody, 101, 149) && !stands(&everybody, 101, 150) && stands(&everybody, 150, 199)
        );
        let each = Agreement { reaccept_every_s: Some(30), ..agreement() };
        assert!(stands(&each, 10, 39) && !stands(&each, 10, 40));
        assert!(!terms_stand(&agreement(), &versions, None, at(5)));
        let declined = TermsAnswer { accepted: false, ..answer(1, 10) };
        assert!(!terms_stand(&agreement(), &versions, Some(&declined), at(20)));
    }
}
