//! `footbridge explain --person`: what of the way between somebody and a site of one's own organization can be seen from
//! here (X02). It shows what the cloud stores; the cloud does not judge for another person yet, and that is said.

use std::process::ExitCode;

use agent::Places;
use http::Method;
use serde_json::Value;

use crate::failure::{CliError, IN_THE_WAY};
use crate::graph::Graph;
use crate::site_lookup::find_site;
use crate::terminal::plain;

/// One condition, whether it holds, and what to do when it does not.
struct Condition {
    holds: bool,
    text: String,
    remedy: &'static str,
}

/// Runs the command.
pub async fn run(
    places: &Places,
    account: Option<String>,
    place: &str,
    person: &str,
) -> Result<ExitCode, CliError> {
    let graph = Graph::open(places, account).await?;
    let site = find_site(&graph, place).await?;
    let id = site["id"].as_str().unwrap_or_default();
    let permissions = graph.send(Method::GET, &format!("/sites/{id}/permissions"), None).await?;
    let conditions = judge(&site, &permissions, person);
    println!("{} and {}:", plain(person), plain(site["displayName"].as_str().unwrap_or(place)));
    for condition in &conditions {
        println!("  {} {}", if condition.holds { "[yes]" } else { "[no] " }, plain(&condition.text));
        if !condition.holds {
            println!("        {}", condition.remedy);
        }
    }
    println!("  [?]   Whether the organizations' policies and the person's own computer let them sync.");
    println!(
        "        The cloud does not answer that for somebody else yet; `footbridge status` tells the person."
    );
    let all = conditions.iter().all(|condition| condition.holds);
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(IN_THE_WAY) })
}

fn judge(site: &Value, permissions: &Value, person: &str) -> Vec<Condition> {
    let level = site["footbridge"]["effectiveSharingCapability"].as_str().unwrap_or("disabled");
    let mut conditions = vec![Condition {
        holds: level != "disabled",
        text: format!("The site may be shared with people outside ({level})."),
        remedy: "An administrator can open it; people of the organization itself do not need that.",
    }];
    let of_person = |permission: &&Value| {
        let holder = permission["grantedToV2"]["user"]["email"].as_str();
        let invited = permission["invitation"]["email"].as_str();
        holder.into_iter().chain(invited).any(|address| address.eq_ignore_ascii_case(person))
    };
    let found: Vec<&Value> =
        permissions["value"].as_array().into_iter().flatten().filter(of_person).collect();
    let roles: Vec<&str> = found.iter().filter_map(|permission| permission["roles"][0].as_str()).collect();
    conditions.push(Condition {
        holds: !found.is_empty(),
        text: match roles.as_slice() {
            [] => {
                "Nothing is shared with that address by name; memberships of groups are not looked through."
                    .to_owned()
            }
            roles => format!("It is shared with them ({}).", roles.join(", ")),
        },
        remedy: "Share it with `footbridge share`.",
    });
    if !found.is_empty() {
        conditions.push(Condition {
            holds: found.iter().all(|permission| permission["invitation"].is_null()),
            text: "They have accepted the invitation.".to_owned(),
            remedy: "Ask them to open the link in the mail, or the site's address, and to accept.",
        });
    }
    conditions
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::judge;

    #[test]
    fn each_condition_is_told_with_what_to_do() {
        let open = json!({"footbridge": {"effectiveSharingCapability": "externalUserSharingOnly"}});
        let closed = json!({"footbridge": {"effectiveSharingCapability": "disabled"}});
        let user = json!({"roles": ["write"], "grantedToV2": {"user": {"email": "Gustav@fabrikam.example"}}});
        let mut waiting = user.clone();
        waiting["invitation"] = json!({"email": "gustav@fabrikam.example"});
        let cases = [
            (&open, json!({"value": [user]}), vec![true, true, true]),
            (&open, json!({"value": [waiting]}), vec![true, true, false]),
            (&closed, json!({"value": [user]}), vec![false, true, true]),
            (&open, json!({"value": []}), vec![true, false]),
        ];
        for (site, permissions, wanted) in cases {
            let told: Vec<bool> =
                judge(site, &permissions, "gustav@fabrikam.example").iter().map(|told| told.holds).collect();
            assert_eq!(told, wanted, "{permissions}");
        }
    }
}
