//! Gate: what a site as a whole lets happen, before anybody's own permission is asked about (sharing-and-guests.md 2.11, S-1,
//! S-2; 3.2 step 2; 3.3). It only ever takes away: an open gate gives nobody anything.

use model::{DeviceAccess, Downloads, LockState, Road, Role, SiteGate};

use crate::{Decision, Reason};

/// Decides whether a site lets anybody in by a road. Every device counts as unmanaged; only a browser can be asked for more
/// than a token proves, and only a browser shows files without handing them over.
#[must_use]
pub fn may_pass(gate: &SiteGate, road: Road) -> Decision {
    let page = road == Road::Page;
    Decision::new()
        .require(Reason::SiteLocked, gate.lock != LockState::NoAccess)
        .require(Reason::DeviceNotManaged, gate.devices != DeviceAccess::Blocked)
        .require(Reason::BrowserOnly, page || gate.devices != DeviceAccess::Limited)
        .require(Reason::AuthenticationContext, page || gate.devices != DeviceAccess::AuthenticationContext)
        .require(Reason::DownloadBlocked, road != Road::Sync || gate.downloads == Downloads::Allowed)
}

/// Decides whether the bytes of a site's files are handed out. Nothing here shows a file without handing it over, so that
/// limited access and blocked downloads leave its name, size and time.
#[must_use]
pub fn may_download(gate: &SiteGate) -> Decision {
    Decision::new()
        .require(Reason::DownloadBlocked, gate.downloads == Downloads::Allowed)
        .require(Reason::BrowserOnly, gate.devices < DeviceAccess::Limited)
}

/// Decides whether anything in a site, who has access included, changes. Taking access away is always possible.
#[must_use]
pub fn may_change_at(lock: LockState) -> Decision {
    Decision::new()
        .require(Reason::SiteLocked, lock != LockState::NoAccess)
        .require(Reason::SiteReadOnly, lock != LockState::ReadOnly)
}

/// Returns what a role amounts to behind a gate.
#[must_use]
pub fn role_in(gate: &SiteGate, role: Role) -> Role {
    if gate.lock == LockState::Unlock { role } else { role.min(Role::Read) }
}

#[cfg(test)]
pub(crate) mod tests {
    use model::{DeviceAccess, Downloads, LockState, Road, Role, SiteGate};
    use proptest::prelude::{prop_assert, proptest};

    use super::{may_change_at, may_download, may_pass, role_in};
    use crate::Reason;

    /// Makes a gate of the places of its parts in their enumerations, each loosest first.
    pub(crate) fn gate(parts: (usize, usize, usize)) -> SiteGate {
        SiteGate {
            lock: LockState::ALL[parts.0],
            devices: DeviceAccess::ALL[parts.1],
            downloads: Downloads::ALL[parts.2],
        }
    }

    #[test]
    fn s_01_s_02_each_setting_of_a_site_says_who_gets_in_by_which_road() {
        use Reason::{AuthenticationContext, BrowserOnly, DeviceNotManaged, DownloadBlocked, SiteLocked};
        let devices = |devices| SiteGate { devices, ..SiteGate::OPEN };
        let locked = SiteGate { lock: LockState::NoAccess, ..SiteGate::OPEN };
        let kept = SiteGate { downloads: Downloads::Blocked, ..SiteGate::OPEN };
        // In the order of page, program, sync; then whether bytes are handed out.
        let cases = [
            (SiteGate::OPEN, [None; 3], None),
            (locked, [Some(SiteLocked); 3], None),
            (devices(DeviceAccess::Blocked), [Some(DeviceNotManaged); 3], Some(BrowserOnly)),
            (devices(DeviceAccess::Limited), [None, Some(BrowserOnly), Some(BrowserOnly)], Some(BrowserOnly)),
            (
                devices(DeviceAccess::AuthenticationContext),
                [None, Some(AuthenticationContext), Some(AuthenticationContext)],
                None,
            ),
            (kept, [None, None, Some(DownloadBlocked)], Some(DownloadBlocked)),
        ];
        for (gate, roads, bytes) in cases {
            for (road, expected) in Road::ALL.into_iter().zip(roads) {
                assert_eq!(may_pass(&gate, road).refusal(), expected, "{gate:?} {road:?}");
            }
            assert_eq!(may_download(&gate).refusal(), bytes, "{gate:?}");
        }
    }

    #[test]
    fn s_2_11_a_read_only_site_leaves_everybody_to_view() {
        let locked = SiteGate { lock: LockState::ReadOnly, ..SiteGate::OPEN };
        for role in Role::ALL {
            assert_eq!(role_in(&locked, role), Role::Read);
            assert_eq!(role_in(&SiteGate::OPEN, role), role);
        }
        assert_eq!(may_change_at(LockState::ReadOnly).refusal(), Some(Reason::SiteReadOnly));
        assert_eq!(may_change_at(LockState::NoAccess).refusal(), Some(Reason::SiteLocked));
        assert!(may_change_at(LockState::Unlock).allows());
    }

    proptest! {
        #[test]
        fn a_tighter_gate_never_lets_more_happen(
            one in (0_usize..3, 0_usize..4, 0_usize..2), other in (0_usize..3, 0_usize..4, 0_usize..2),
            road in 0_usize..3, role in 0_usize..3,
        ) {
            let loose = gate((one.0.min(other.0), one.1.min(other.1), one.2.min(other.2)));
            let tight = gate((one.0.max(other.0), one.1.max(other.1), one.2.max(other.2)));
            let road = Road::ALL[road];
            prop_assert!(may_pass(&loose, road).allows() || !may_pass(&tight, road).allows());
            prop_assert!(may_download(&loose).allows() || !may_download(&tight).allows());
            prop_assert!(may_change_at(loose.lock).allows() || !may_change_at(tight.lock).allows());
            prop_assert!(role_in(&tight, Role::ALL[role]) <= role_in(&loose, Role::ALL[role]));
            // What syncs also opens in the browser.
            prop_assert!(may_pass(&tight, Road::Page).allows() || !may_pass(&tight, road).allows());
        }
    }
}
