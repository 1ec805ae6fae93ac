//! The form of one site's sharing: what it sets apart from its organization.

use drive::links::Setting;
use drive::sites::{SiteSharing, SiteSharingChange};
use model::{DefaultLink, DomainMode, Lifetime, LinkKind, Role};
use policy::Reason;

use super::draft::{Draft, Section};
use super::words::{FOLLOWS, Follows, LEVELS, LINK_KINDS, ROLES, Word};

/// Writes what a site sets into a form.
pub(super) fn draft_of(sharing: &SiteSharing) -> Draft {
    let (mut draft, policy) = (Draft::default(), &sharing.policy);
    draft.put_word("level", &LEVELS, &sharing.site.sharing);
    draft.put_domains(policy.domains, &sharing.domains);
    for (rule, days, life) in
        [("guest-rule", "guest-days", policy.guest_life), ("anyone-rule", "anyone-days", policy.anyone_life)]
    {
        draft.put_word(rule, &FOLLOWS, &follows(life.is_some()));
        draft.put(days, life.map_or(0, Lifetime::days).to_string());
    }
    let link = policy.default_link.unwrap_or(DefaultLink { kind: LinkKind::Organization, role: Role::Read });
    draft.put_word("link-rule", &FOLLOWS, &follows(policy.default_link.is_some()));
    draft.put_word("link-kind", &LINK_KINDS, &link.kind);
    draft.put_word("link-role", &ROLES, &link.role);
    draft
}

fn follows(own: bool) -> Follows {
    if own { Follows::Itself } else { Follows::Organization }
}

/// Lays the form out. `widest` says what the organization allows.
pub(super) fn sections(draft: &Draft, widest: &str) -> Vec<Section> {
    let mut guests = days(
        draft,
        "How long guests keep what they are given",
        ("guest-rule", "guest-days", "Days until what a guest was given here ends"),
        "30 to 730, or 0 for without end. It counts for guests who join from now on.",
    );
    guests.intro = "Who was given access by a group keeps it as long as they are in the group.".to_owned();
    vec![
        Section {
            title: "How far people may share",
            intro: format!(
                "The organization allows “{widest}” here at most. Where something more open is set, the stricter one \
                 of both counts."
            ),
            fields: vec![draft.choice_field("level", "External sharing", "", &LEVELS)],
        },
        Section {
            title: "Domains",
            intro: "The organization's list counts beside this one, and wins. Where it allows listed domains only, this \
                    list may name some of them."
                .to_owned(),
            fields: draft.domain_fields("Up to 500, such as fabrikam.example, without wildcards."),
        },
        guests,
        days(
            draft,
            "Links for anyone",
            ("anyone-rule", "anyone-days", "Days until such a link ends"),
            "Up to 730, or 0 for without end.",
        ),
        Section {
            title: "The link that is offered first",
            intro: String::new(),
            fields: vec![
                draft.choice_field("link-rule", "Offered", "", &FOLLOWS),
                draft.choice_field("link-kind", "It opens for", "", &LINK_KINDS),
                draft.choice_field("link-role", "It lets people", "", &ROLES),
            ],
        },
    ]
}

fn days(
    draft: &Draft,
    title: &'static str,
    (rule, days, label): (&'static str, &'static str, &'static str),
    hint: &'static str,
) -> Section {
    let fields = vec![draft.choice_field(rule, "Time", "", &FOLLOWS), draft.days_field(days, label, hint)];
    Section { title, intro: String::new(), fields }
}

/// Reads the form; none when something is wrong, which then stands beside its field. What is as it was is left alone, so
/// that a level which the organization masks can stay.
pub(super) fn read(draft: &mut Draft, before: &SiteSharing) -> Option<SiteSharingChange> {
    let level = draft.choice("level", &LEVELS);
    let domains = draft.domains();
    let guest_life = own(draft, "guest-rule", |draft| draft.days("guest-days").map(Lifetime::from_days));
    let anyone_life = own(draft, "anyone-rule", |draft| draft.days("anyone-days").map(Lifetime::from_days));
    let default_link = own(draft, "link-rule", |draft| {
        let (kind, role) =
            (read_word(draft, "link-kind", &LINK_KINDS), read_word(draft, "link-role", &ROLES));
        Some(DefaultLink { kind: kind?, role: role? })
    });
    let same = |list: &model::DomainList| *list == before.domain_list();
    let change = SiteSharingChange {
        level: level.filter(|level| *level != before.site.sharing),
        domains: domains.filter(|list| !same(list) || list.mode == DomainMode::Unrestricted),
        guest_life: guest_life?,
        anyone_life: anyone_life?,
        default_link: default_link?,
        // Not on this page (2.11).
        lock: None,
        devices: None,
        downloads: None,
        organization_links: None,
    };
    draft.is_fine().then_some(change)
}

fn read_word<T: Copy>(draft: &mut Draft, name: &'static str, words: &'static [Word<T>]) -> Option<T> {
    draft.choice(name, words)
}

fn own<T>(
    draft: &mut Draft,
    rule: &'static str,
    value: impl FnOnce(&mut Draft) -> Option<T>,
) -> Option<Setting<T>> {
    match draft.choice(rule, &FOLLOWS)? {
        Follows::Organization => Some(Setting::Clear),
        Follows::Itself => value(draft).map(Setting::Set),
    }
}

/// Returns the field that a refusal is about.
pub(super) fn field_of(reason: Reason) -> &'static str {
    match reason {
        Reason::DomainListTooLong | Reason::DomainsBeyondOrganization => "domains",
        Reason::GuestLifeOutOfRange => "guest-days",
        Reason::AnyoneLifeOutOfRange => "anyone-days",
        _ => "level",
    }
}
