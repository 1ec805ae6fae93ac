//! The form of the organization's sharing settings: stored settings become fields, and fields become a change.

use std::collections::BTreeMap;

use directory::{SharingChange, SharingSettings};
use model::{Group, GroupId, GroupKind, Lifetime, SharerGroup, SharerReach};
use policy::Reason;

use super::draft::{Draft, Section};
use super::words::{INTEGRATION, LEVELS, LINK_KINDS, RESHARING, ROLES, SHARERS, level_name};

/// Fields of the groups, with how far each lets share.
const GROUP_FIELDS: [(&str, SharerReach); 2] =
    [("groups-guests", SharerReach::Guests), ("groups-anyone", SharerReach::Anyone)];

/// Writes settings into a form.
pub(super) fn draft_of(settings: &SharingSettings, groups: &[Group]) -> Draft {
    let (mut draft, policy) = (Draft::default(), &settings.policy);
    draft.put_word("sites", &LEVELS, &settings.sites);
    draft.put_word("personal", &LEVELS, &settings.personal);
    draft.put_domains(policy.domains, &settings.domains);
    draft.put_word("sharers", &SHARERS, &policy.sharers);
    for (name, reach) in GROUP_FIELDS {
        let chosen = settings.groups.iter().filter(|chosen| chosen.reach == reach);
        let names: Vec<String> = chosen.map(|chosen| name_of(groups, chosen.group)).collect();
        draft.put(name, names.join("\n"));
    }
    draft.put_word("resharing", &RESHARING, &policy.resharing);
    draft.put_word("integration", &INTEGRATION, &settings.integration);
    draft.put("guest-days", policy.guest_life.days().to_string());
    draft.put("anyone-days", policy.anyone_links.life.days().to_string());
    draft.put_word("anyone-files", &ROLES, &policy.anyone_links.file_role);
    draft.put_word("anyone-folders", &ROLES, &policy.anyone_links.folder_role);
    draft.put_word("link-kind", &LINK_KINDS, &policy.default_link.kind);
    draft.put_word("link-role", &ROLES, &policy.default_link.role);
    draft
}

/// Returns a group's name, or its id where the name means several.
fn name_of(groups: &[Group], group: GroupId) -> String {
    let found = groups.iter().find(|known| known.id == group);
    let alone =
        |name: &str| groups.iter().filter(|known| known.display_name.eq_ignore_ascii_case(name)).count() == 1;
    match found {
        Some(known) if alone(&known.display_name) => known.display_name.clone(),
        _ => group.to_string(),
    }
}

/// Lays the form out. The note says what is in effect now.
pub(super) fn sections(draft: &Draft, now: &SharingSettings) -> Vec<Section> {
    vec![
        levels(draft, now),
        guests(draft),
        domains(draft),
        sharers(draft),
        anyone_links(draft),
        default_link(draft),
    ]
}

fn levels(draft: &Draft, now: &SharingSettings) -> Section {
    let masked = if now.personal > now.personal_in_effect() {
        format!(
            " At present personal drives are set to “{}”, and “{}” is in effect.",
            level_name(now.personal),
            level_name(now.personal_in_effect())
        )
    } else {
        String::new()
    };
    Section {
        title: "How far people may share",
        intro: format!(
            "The most that is possible anywhere. A single site can be stricter, never more open. Personal drives are \
             never more open than sites: where they are set to more, the level for sites counts, and what you set \
             here is kept until sites are opened again.{masked}"
        ),
        fields: vec![
            draft.choice_field("sites", "Sites", "", &LEVELS),
            draft.choice_field("personal", "Personal drives", "", &LEVELS),
        ],
    }
}

fn guests(draft: &Draft) -> Section {
    Section {
        title: "Guests",
        intro: "A guest is somebody from outside with an account here that has no password of its own."
            .to_owned(),
        fields: vec![
            draft.choice_field("integration", "People outside who are shared with", "", &INTEGRATION),
            draft.choice_field("resharing", "Guests may share on", "", &RESHARING),
            draft.days_field(
                "guest-days",
                "Days until what a guest was given in a site ends",
                "30 to 730, or 0 for without end. It counts for guests who join a site from now on.",
            ),
        ],
    }
}

fn domains(draft: &Draft) -> Section {
    Section {
        title: "Domains",
        intro: "The domain is what stands behind the @ of an address. Who has access already and whose domain is not \
                admitted loses it."
            .to_owned(),
        fields: draft.domain_fields(
            "Up to 5,000, such as fabrikam.example. Each subdomain is an entry of its own; there are no wildcards.",
        ),
    }
}

fn sharers(draft: &Draft) -> Section {
    Section {
        title: "Who may share with people outside",
        intro: String::new(),
        fields: vec![
            draft.choice_field("sharers", "People who may share outside", "", &SHARERS),
            draft.lines_field(
                "groups-guests",
                "Security groups that may share with guests, one a line",
                "By name, or by id where two have one name. At most twelve groups in both lists together.",
            ),
            draft.lines_field(
                "groups-anyone",
                "Security groups that may also make links for anyone, one a line",
                "",
            ),
        ],
    }
}

fn anyone_links(draft: &Draft) -> Section {
    Section {
        title: "Links for anyone",
        intro: "The most that a link without sign-in is worth. Links that are out already are held to it as well."
            .to_owned(),
        fields: vec![
            draft.days_field("anyone-days", "Days until such a link ends", "Up to 730, or 0 for without end."),
            draft.choice_field("anyone-files", "With a file it lets people", "", &ROLES),
            draft.choice_field("anyone-folders", "With a folder it lets people", "", &ROLES),
        ],
    }
}

fn default_link(draft: &Draft) -> Section {
    Section {
        title: "The link that is offered first",
        intro: "Where a site does not allow this kind, the link for people in the organization is offered."
            .to_owned(),
        fields: vec![
            draft.choice_field("link-kind", "It opens for", "", &LINK_KINDS),
            draft.choice_field("link-role", "It lets people", "", &ROLES),
        ],
    }
}

/// Reads the form; none when something is wrong, which then stands beside its field.
pub(super) fn read(draft: &mut Draft, groups: &[Group]) -> Option<SharingChange> {
    let change = SharingChange {
        sites: draft.choice("sites", &LEVELS),
        personal: draft.choice("personal", &LEVELS),
        integration: draft.choice("integration", &INTEGRATION),
        domains: draft.domains(),
        sharers: draft.choice("sharers", &SHARERS),
        groups: Some(read_groups(draft, groups)),
        resharing: draft.choice("resharing", &RESHARING),
        guest_life: draft.days("guest-days").map(Lifetime::from_days),
        anyone_life: draft.days("anyone-days").map(Lifetime::from_days),
        anyone_file_role: draft.choice("anyone-files", &ROLES),
        anyone_folder_role: draft.choice("anyone-folders", &ROLES),
        default_kind: draft.choice("link-kind", &LINK_KINDS),
        default_role: draft.choice("link-role", &ROLES),
        // Not on this page.
        personal_resharing: None,
        personal_requests: None,
    };
    draft.is_fine().then_some(change)
}

fn read_groups(draft: &mut Draft, groups: &[Group]) -> Vec<SharerGroup> {
    let mut chosen: BTreeMap<GroupId, SharerReach> = BTreeMap::new();
    for (name, reach) in GROUP_FIELDS {
        for line in draft.lines(name) {
            let meant: Vec<&Group> = groups
                .iter()
                .filter(|group| group.kind == GroupKind::Security)
                .filter(|group| {
                    group.id.to_string() == line || group.display_name.to_lowercase() == line.to_lowercase()
                })
                .collect();
            match meant[..] {
                [group] => _ = chosen.insert(group.id, reach),
                [] => draft.wrong(name, format!("There is no security group called “{line}”.")),
                _ => draft.wrong(
                    name,
                    format!("Several groups are called “{line}”; write the id of the one you mean."),
                ),
            }
        }
    }
    chosen.into_iter().map(|(group, reach)| SharerGroup { group, reach }).collect()
}

/// Returns the field that a refusal is about.
pub(super) fn field_of(reason: Reason) -> &'static str {
    match reason {
        Reason::DomainListTooLong => "domains",
        Reason::TooManySharerGroups => "groups-guests",
        Reason::GuestLifeOutOfRange => "guest-days",
        Reason::AnyoneLifeOutOfRange => "anyone-days",
        _ => "sites",
    }
}
