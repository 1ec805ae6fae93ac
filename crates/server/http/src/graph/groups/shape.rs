//! A group as Graph shows it.

use graph_types::Group;

/// Writes a group.
pub(super) fn group(group: &model::Group) -> Group {
    Group {
        id: group.id.to_string(),
        display_name: group.display_name.clone(),
        group_types: Vec::new(),
        security_enabled: true,
        mail_enabled: false,
        created_date_time: Some(group.created.into()),
    }
}
