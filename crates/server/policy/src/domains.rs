//! Domain lists at work (B07): the organization's and the site's for sharing, the directory's for new guests.
//!
//! Every list narrows; none widens another. So the organization's list wins where the site's disagrees (D-3), a site's
//! list that is older than the organization's does no harm, and the stricter of sharing's and the directory's wins (D-8).
//! Who has no address known to us is refused by every list: nothing says that they belong to an admitted domain.

use std::collections::BTreeSet;

use model::{DomainList, DomainMode, DomainName};

use crate::{Decision, Reason};

/// How somebody's domain stands to one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DomainStanding {
    /// What the list means.
    pub mode: DomainMode,
    /// Whether the domain is on it; none when no domain is known.
    pub listed: Option<Listed>,
}

/// Whether a domain is on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// It is.
    Yes,
    /// It is not.
    No,
}

impl DomainStanding {
    /// The standing to a list that restricts nothing.
    pub const FREE: Self = Self { mode: DomainMode::Unrestricted, listed: None };

    /// Looks a domain up in a list that is in memory. A subdomain is not its parent (D-2).
    #[must_use]
    pub fn of(list: &DomainList, domain: Option<&str>) -> Self {
        let known = domain.and_then(|domain| domain.parse::<DomainName>().ok());
        let listed = known.map(|domain| match list.domains.contains(&domain) {
            true => Listed::Yes,
            false => Listed::No,
        });
        Self { mode: list.mode, listed }
    }

    /// Returns whether the list admits the domain.
    #[must_use]
    pub fn admits(self) -> bool {
        match self.mode {
            DomainMode::Unrestricted => true,
            DomainMode::AllowList => self.listed == Some(Listed::Yes),
            DomainMode::BlockList => self.listed == Some(Listed::No),
        }
    }
}

/// How somebody's domain stands to the two lists for sharing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DomainFacts {
    /// To the organization's.
    pub organization: DomainStanding,
    /// To the site's own.
    pub site: DomainStanding,
}

impl DomainFacts {
    /// The standing where nothing is restricted.
    pub const FREE: Self = Self { organization: DomainStanding::FREE, site: DomainStanding::FREE };

    /// Returns whether both lists admit the domain.
    #[must_use]
    pub fn admits(self) -> bool {
        self.organization.admits() && self.site.admits()
    }
}

/// Most domains of an organization's list (D-1).
pub const MOST_DOMAINS: usize = 5_000;
/// Most domains of a site's list (D-1).
pub const MOST_SITE_DOMAINS: usize = 500;
/// Most bytes of the directory's list, all domains together (sharing-and-guests.md 4.9).
pub const MOST_DIRECTORY_BYTES: usize = 25 * 1_024;

/// Decides whether an organization may have this list for sharing.
#[must_use]
pub fn may_set_domains(wanted: &DomainList) -> Decision {
    Decision::new().require(Reason::DomainListTooLong, wanted.domains.len() <= MOST_DOMAINS)
}

/// Decides whether a site may have this list: under an organization's allow list only an allow list within it (D-4).
#[must_use]
pub fn may_set_site_domains(
    organization: DomainMode,
    listed_there: &BTreeSet<DomainName>,
    wanted: &DomainList,
) -> Decision {
    let within = match (organization, wanted.mode) {
        (_, DomainMode::Unrestricted) | (DomainMode::Unrestricted | DomainMode::BlockList, _) => true,
        (DomainMode::AllowList, DomainMode::AllowList) => wanted.domains.is_subset(listed_there),
        (DomainMode::AllowList, DomainMode::BlockList) => false,
    };
    Decision::new()
        .require(Reason::DomainListTooLong, wanted.domains.len() <= MOST_SITE_DOMAINS)
        .require(Reason::DomainsBeyondOrganization, within)
}

/// Decides whether the directory may have this list for new guests.
#[must_use]
pub fn may_set_directory_domains(wanted: &DomainList) -> Decision {
    let bytes: usize = wanted.domains.iter().map(|domain| domain.as_str().len() + 1).sum();
    Decision::new().require(Reason::DomainListTooLong, bytes <= MOST_DIRECTORY_BYTES)
}

#[cfg(test)]
pub(crate) mod tests {
    use model::{DomainList, DomainMode};
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{
        DomainFacts, DomainStanding, Listed, MOST_DOMAINS, MOST_SITE_DOMAINS, may_set_directory_domains,
        may_set_domains, may_set_site_domains,
    };
    use crate::Reason;

    pub(crate) fn list(mode: DomainMode, domains: &[&str]) -> DomainList {
        let domains = domains.iter().map(|domain| domain.parse().expect("a domain")).collect();
        DomainList { mode, domains }
    }

    fn long(mode: DomainMode, count: usize) -> DomainList {
        let domains = (0..count).map(|n| format!("d{n}.example").parse().expect("a domain")).collect();
        DomainList { mode, domains }
    }

    pub(crate) fn standing(mode: usize, listed: Option<bool>) -> DomainStanding {
        let listed = listed.map(|yes| if yes { Listed::Yes } else { Listed::No });
        DomainStanding { mode: DomainMode::ALL[mode], listed }
    }

    #[test]
    fn d_01_a_list_is_an_allow_list_or_a_block_list_of_limited_length() {
        use DomainMode::{AllowList, BlockList, Unrestricted};
        let cases = [
            (Unrestricted, "contoso.example", true),
            (AllowList, "fabrikam.example", true),
            (AllowList, "contoso.example", false),
            (BlockList, "fabrikam.example", false),
            (BlockList, "contoso.example", true),
        ];
        for (mode, domain, admitted) in cases {
            let list = list(mode, &["fabrikam.example"]);
            let standing = DomainStanding::of(&list, Some(domain));
            assert_eq!(standing.admits(), admitted, "{mode:?} {domain}");
        }
        assert!(may_set_domains(&long(AllowList, MOST_DOMAINS)).allows());
        let refused = Some(Reason::DomainListTooLong);
        assert_eq!(may_set_domains(&long(AllowList, MOST_DOMAINS + 1)).refusal(), refused);
        let none = list(Unrestricted, &[]).domains;
        assert!(may_set_site_domains(Unrestricted, &none, &long(BlockList, MOST_SITE_DOMAINS)).allows());
        let site = may_set_site_domains(Unrestricted, &none, &long(BlockList, MOST_SITE_DOMAINS + 1));
        assert_eq!(site.refusal(), refused);
    }

    #[test]
    fn d_02_a_subdomain_is_listed_by_itself() {
        let allowed = list(DomainMode::AllowList, &["fabrikam.example"]);
        assert!(DomainStanding::of(&allowed, Some("Fabrikam.Example")).admits());
        assert!(!DomainStanding::of(&allowed, Some("sales.fabrikam.example")).admits());
        assert!(!DomainStanding::of(&allowed, Some("evilfabrikam.example")).admits());
    }

    #[test]
    fn d_03_the_organizations_list_wins_over_the_sites() {
        let organization = list(DomainMode::BlockList, &["fabrikam.example"]);
        let site = list(DomainMode::AllowList, &["fabrikam.example", "tailspin.example"]);
        let facts = |domain| DomainFacts {
            organization: DomainStanding::of(&organization, Some(domain)),
            site: DomainStanding::of(&site, Some(domain)),
        };
        assert!(!facts("fabrikam.example").admits());
        assert!(facts("tailspin.example").admits());
        assert!(!facts("other.example").admits());
    }

    #[test]
    fn d_04_under_an_allow_list_a_site_has_an_allow_list_within_it_alone() {
        use DomainMode::{AllowList, BlockList, Unrestricted};
        let there = list(AllowList, &["a.example", "b.example"]).domains;
        let beyond = Some(Reason::DomainsBeyondOrganization);
        let cases = [
            (AllowList, list(AllowList, &["a.example"]), None),
            (AllowList, list(AllowList, &["a.example", "c.example"]), beyond),
            (AllowList, list(BlockList, &["a.example"]), beyond),
            (AllowList, list(Unrestricted, &[]), None),
            (BlockList, list(AllowList, &["c.example"]), None),
            (BlockList, list(BlockList, &["c.example"]), None),
            (Unrestricted, list(AllowList, &["c.example"]), None),
        ];
        for (organization, wanted, expected) in cases {
            let decision = may_set_site_domains(organization, &there, &wanted);
            assert_eq!(decision.refusal(), expected, "{organization:?} {wanted:?}");
        }
    }

    #[test]
    fn the_directorys_list_is_limited_by_its_size() {
        assert!(may_set_directory_domains(&long(DomainMode::BlockList, 1_000)).allows());
        assert!(!may_set_directory_domains(&long(DomainMode::BlockList, 3_000)).allows());
    }

    proptest! {
        #[test]
        fn one_more_list_never_admits_more(
            organization in 0_usize..3, site in 0_usize..3,
            listed in any::<Option<(bool, bool)>>(),
        ) {
            let both = DomainFacts {
                organization: standing(organization, listed.map(|listed| listed.0)),
                site: standing(site, listed.map(|listed| listed.1)),
            };
            for fewer in [
                DomainFacts { organization: DomainStanding::FREE, ..both },
                DomainFacts { site: DomainStanding::FREE, ..both },
            ] {
                prop_assert!(fewer.admits() || !both.admits());
            }
        }

        #[test]
        fn narrowing_a_list_never_admits_more(
            listed in proptest::collection::vec(0_u8..6, 0..6), gone in 0_u8..6, who in 0_u8..6, allow in any::<bool>(),
        ) {
            let mode = if allow { DomainMode::AllowList } else { DomainMode::BlockList };
            let name = |n: &u8| format!("d{n}.example");
            let names: Vec<String> = listed.iter().map(name).collect();
            let wide = list(mode, &names.iter().map(String::as_str).collect::<Vec<_>>());
            let mut narrow = wide.clone();
            let changed = name(&gone).parse().expect("a domain");
            if allow { narrow.domains.remove(&changed); } else { narrow.domains.insert(changed); }
            let domain = name(&who);
            let admits = |list: &DomainList| DomainStanding::of(list, Some(&domain)).admits();
            prop_assert!(admits(&wide) || !admits(&narrow));
        }
    }
}
