//! Named locations: which of them an address lies in. Ranges are merged and sorted once, so that asking is a binary search
//! and long lists cost nothing at sign-in.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use model::{Country, LocationKind, NamedLocation, NamedLocationId};

/// Ranges of addresses, prepared for asking. Both families lie in one space: IPv4 where IPv6 maps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressRanges(Vec<(u128, u128)>);

impl AddressRanges {
    /// Prepares ranges; overlapping and adjacent ones become one.
    #[must_use]
    pub fn new(ranges: &[IpNet]) -> Self {
        let mut sorted: Vec<(u128, u128)> =
            ranges.iter().map(|range| (number(range.network()), number(range.broadcast()))).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(sorted.len());
        for (start, end) in sorted {
            match merged.last_mut() {
                Some(last) if start <= last.1.saturating_add(1) => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        Self(merged)
    }

    /// Returns whether an address lies in one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let number = number(address);
        let behind = self.0.partition_point(|(start, _)| *start <= number);
        behind > 0 && number <= self.0[behind - 1].1
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// A named location, prepared for asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedLocation {
    id: NamedLocationId,
    kind: PreparedKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PreparedKind {
    Addresses { ranges: AddressRanges, trusted: bool },
    Countries { countries: BTreeSet<Country>, unknown: bool },
}

impl PreparedLocation {
    /// Prepares a location.
    #[must_use]
    pub fn new(location: &NamedLocation) -> Self {
        let kind = match &location.kind {
            LocationKind::Addresses { ranges, trusted } => {
                PreparedKind::Addresses { ranges: AddressRanges::new(ranges), trusted: *trusted }
            }
            LocationKind::Countries { countries, unknown } => {
                PreparedKind::Countries { countries: countries.clone(), unknown: *unknown }
            }
        };
        Self { id: location.id, kind }
    }
}

/// Where somebody is, as far as named locations tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The named locations the address lies in, in order.
    named: Vec<NamedLocationId>,
    /// Whether one of them is trusted.
    pub(super) trusted: bool,
}

impl Whereabouts {
    /// Finds out in which locations an address lies. An address nobody knows lies in none.
    #[must_use]
    pub fn of(locations: &[PreparedLocation], address: Option<IpAddr>, country: Option<Country>) -> Self {
        let mut whereabouts = Self::default();
        for location in locations {
            let (inside, trusted) = match &location.kind {
                PreparedKind::Addresses { ranges, trusted } => {
                    (address.is_some_and(|address| ranges.contains(address)), *trusted)
                }
                PreparedKind::Countries { countries, unknown } => {
                    (country.map_or(*unknown, |country| countries.contains(&country)), false)
                }
            };
            if inside {
                whereabouts.named.push(location.id);
                whereabouts.trusted |= trusted;
            }
        }
        whereabouts.named.sort_unstable();
        whereabouts
    }

    pub(super) fn is_in(&self, named: &BTreeSet<NamedLocationId>) -> bool {
        self.named.iter().any(|location| named.contains(location))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use ipnet::IpNet;
    use model::{Country, LocationKind, NamedLocation, NamedLocationId, TenantId, Timestamp};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::{AddressRanges, PreparedLocation, Whereabouts};

    fn nets(texts: &[&str]) -> Vec<IpNet> {
        texts.iter().map(|text| text.parse().expect("a range")).collect()
    }

    #[test]
    fn s_5_2_addresses_of_both_families_lie_in_their_ranges() {
        let ranges =
            AddressRanges::new(&nets(&["10.0.0.0/8", "192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32"]));
        let cases = [
            ("10.255.255.255", true),
            ("11.0.0.0", false),
            ("192.0.2.200", true),
            ("192.0.3.0", false),
            ("2001:db8::1", true),
            ("2001:db9::", false),
            ("::ffff:10.1.2.3", true),
        ];
        for (address, inside) in cases {
            assert_eq!(ranges.contains(address.parse().expect("an address")), inside, "{address}");
        }
    }

    #[test]
    fn s_5_2_countries_and_unknown_addresses_are_places_too() {
        let germany = Country::parse("de").expect("a country");
        let id = |seed| NamedLocationId::from_random([seed; 16]);
        let location = |seed, kind| {
            let tenant = TenantId::from_random([1; 16]);
            let (created, modified) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
            let display_name = String::new();
            PreparedLocation::new(&NamedLocation {
                id: id(seed),
                tenant,
                display_name,
                kind,
                created,
                modified,
            })
        };
        let countries = |unknown| LocationKind::Countries { countries: [germany].into(), unknown };
        let office = LocationKind::Addresses { ranges: nets(&["10.0.0.0/8"]), trusted: true };
        let all = [location(1, countries(false)), location(2, countries(true)), location(3, office)];
        let address: IpAddr = "10.0.0.1".parse().expect("an address");
        let at = |address, country| Whereabouts::of(&all, address, country);
        assert_eq!(
            at(Some(address), Some(germany)),
            Whereabouts { named: vec![id(1), id(2), id(3)], trusted: true }
        );
        assert_eq!(at(None, None), Whereabouts { named: vec![id(2)], trusted: false });
        assert_eq!(at(None, Country::parse("FR")), Whereabouts::default());
        assert_eq!(Country::parse("deu"), None);
    }

    proptest! {
        #[test]
        fn prepared_ranges_hold_exactly_what_the_ranges_hold(
            v4 in proptest::collection::vec((any::<u32>(), 0_u8..=32), 0..8),
            v6 in proptest::collection::vec((any::<u128>(), 0_u8..=128), 0..8),
            asked4 in any::<u32>(), asked6 in any::<u128>(), near in 0_usize..8, step in 0_u32..4,
        ) {
            let mut nets: Vec<IpNet> = Vec::new();
            for (address, length) in &v4 {
                nets.push(IpNet::new(IpAddr::V4(Ipv4Addr::from_bits(*address)), *length).expect("a range"));
            }
            for (address, length) in &v6 {
                nets.push(IpNet::new(IpAddr::V6(Ipv6Addr::from_bits(*address)), *length).expect("a range"));
            }
            let prepared = AddressRanges::new(&nets);
            let edge = v4.get(near).map_or(asked4, |(address, _)| address.wrapping_add(step).wrapping_sub(1));
            for asked in [
                IpAddr::V4(Ipv4Addr::from_bits(asked4)),
                IpAddr::V4(Ipv4Addr::from_bits(edge)),
                IpAddr::V6(Ipv6Addr::from_bits(asked6)),
            ] {
                // A range of IPv6 that is wide enough holds the mapped form of every IPv4 address.
                let mapped = match asked {
                    IpAddr::V4(v4) => IpAddr::V6(v4.to_ipv6_mapped()),
                    IpAddr::V6(v6) => v6.to_canonical(),
                };
                let expected = nets.iter().any(|net| net.contains(&asked) || net.contains(&mapped));
                prop_assert_eq!(prepared.contains(asked), expected, "{}", asked);
            }
        }
    }
}
