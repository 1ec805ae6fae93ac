//! Population: an organization of a size, made through the product's own services and routes, and guests who ask.

use std::fmt;

use anyhow::{Context, ensure};
use directory::Offer;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::StatusCode;
use identity::{Authority, Grant};
use model::{HomeAccount, UserId};
use serde_json::{Value, json};
use testkit::cloud::Cloud;

/// How many are made at a time: as many commits share one flush.
const AT_ONCE: usize = 64;
/// Guests to whom a site is shared.
const PER_SITE: usize = 5;
/// Groups a policy may name; each guest is in one.
const GROUPS: usize = 20;

/// How large an organization is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Guests, accepted and not.
    pub guests: usize,
    /// Sites.
    pub sites: usize,
    /// Policies of conditional access.
    pub policies: usize,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} guests, {} sites, {} policies", self.guests, self.sites, self.policies)
    }
}

/// An organization under way.
pub struct Population<'a> {
    cloud: &'a Cloud,
    admin: String,
    /// Guests at home, in the order in which they were made, with their address.
    guests: Vec<(UserId, String)>,
    /// Libraries, in the order of the sites.
    libraries: Vec<String>,
}

/// A guest who asks.
pub struct Asking {
    refresh: String,
    access: String,
    authority: Authority,
    item: String,
}

impl<'a> Population<'a> {
    /// Begins with one guest and one site, and no policy.
    pub async fn begin(cloud: &'a Cloud) -> anyhow::Result<Self> {
        let admin = cloud.token(cloud.at_contoso(cloud.anna).home, cloud.contoso).await;
        let mut begun = Self { cloud, admin, guests: Vec::new(), libraries: Vec::new() };
        begun.grow(Size { guests: 1, sites: 1, policies: 0 }).await?;
        Ok(begun)
    }

    /// Adds what is missing to a size.
    pub async fn grow(&mut self, size: Size) -> anyhow::Result<()> {
        let (cloud, missing) = (self.cloud, self.guests.len()..size.guests);
        let made: Vec<_> =
            stream::iter(missing).map(|number| guest(cloud, number)).buffered(AT_ONCE).collect().await;
        self.guests.extend(made);
        let missing = self.libraries.len()..size.sites;
        let this = &*self;
        let made: Vec<String> =
            stream::iter(missing).map(|number| this.site(number)).buffered(AT_ONCE).try_collect().await?;
        self.libraries.extend(made);
        if size.policies > 0 {
            self.policies(size.policies).await?;
        }
        Ok(())
    }

    /// Makes a site, shares it with some guests, and returns its library.
    async fn site(&self, number: usize) -> anyhow::Result<String> {
        let new = json!({"name": format!("Site-{number}"), "displayName": format!("Site {number}")});
        let site = self.post("/v1.0/sites", new).await?;
        let id = site["id"].as_str().context("a site without an id")?;
        let chosen = (0..PER_SITE.min(self.guests.len())).map(|of_site| self.of_site(number, of_site));
        let recipients: Vec<Value> = chosen.map(|(_, address)| json!({"email": address})).collect();
        let share = json!({"recipients": recipients, "roles": ["write"], "sendInvitation": false});
        self.post(&format!("/v1.0/sites/{id}/invite"), share).await?;
        let (_, drives) = self.cloud.get(&self.admin, &format!("/v1.0/sites/{id}/drives")).await;
        Ok(drives["value"][0]["id"].as_str().context("a site without a library")?.to_owned())
    }

    /// The guests of a site: all guests in turn.
    fn of_site(&self, site: usize, number: usize) -> &(UserId, String) {
        &self.guests[(site * PER_SITE + number) % self.guests.len()]
    }

    /// Sets policies of every kind that lets the sync client in: for other people, other clients and other groups, and
    /// such as only report.
    async fn policies(&self, count: usize) -> anyhow::Result<()> {
        let mut groups = Vec::new();
        for number in 0..GROUPS {
            let group = self.post("/v1.0/groups", json!({"displayName": format!("Group {number}")})).await?;
            groups.push(group["id"].clone());
        }
        for number in 0..count {
            let group = &groups[number % GROUPS];
            let (state, users, clients, control) = match number % 4 {
                0 => ("enabled", json!({"includeUsers": ["GuestsOrExternalUsers"]}), "browser", "mfa"),
                1 => ("enabled", json!({"includeGroups": [group]}), "all", "block"),
                2 => ("enabled", json!({"includeUsers": ["All"]}), "other", "block"),
                _ => (
                    "enabledForReportingButNotEnforced",
                    json!({"includeUsers": ["GuestsOrExternalUsers"]}),
                    "all",
                    "mfa",
                ),
            };
            let policy = json!({
                "displayName": format!("Policy {number}"), "state": state,
                "conditions": {
                    "users": users, "applications": {"includeApplications": ["All"]}, "clientAppTypes": [clients],
                },
                "grantControls": {"operator": "OR", "builtInControls": [control]},
            });
            self.post("/v1.0/identity/conditionalAccess/policies", policy).await?;
        }
        Ok(())
    }

    async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let (status, answer) = self.cloud.post(&self.admin, path, body).await;
        ensure!(status.is_success(), "{path} answered {status}: {answer}");
        Ok(answer)
    }

    /// Lets guests of the last sites accept and sign in.
    pub async fn asking(&self, count: usize) -> anyhow::Result<Vec<Asking>> {
        let mut asking = Vec::new();
        for number in 0..count {
            let site = self.libraries.len() - 1 - number % self.libraries.len();
            let (user, _) = *self.of_site(site, number / self.libraries.len() % PER_SITE);
            asking.push(Asking::begin(self.cloud, user, &self.libraries[site]).await?);
        }
        Ok(asking)
    }
}

/// Adds a member of the other organization and invites them.
async fn guest(cloud: &Cloud, number: usize) -> (UserId, String) {
    let address = format!("guest-{number}@fabrikam.example");
    let user = cloud.add_member(cloud.fabrikam, &[&address]).await;
    cloud.invite(&address).await;
    (user, address)
}

impl Asking {
    async fn begin(cloud: &Cloud, user: UserId, library: &str) -> anyhow::Result<Self> {
        let home: HomeAccount = cloud.at_home(user);
        cloud.accept(user, Offer::Any).await;
        let (at_home, authority) = (Authority::Tenant(cloud.fabrikam), Authority::Tenant(cloud.contoso));
        let code = cloud.code(at_home, &cloud.session(home).await).await?;
        let refresh = cloud.exchange(at_home, &code).await?.refresh_token.context("no refresh token")?;
        let item = format!("/v1.0/drives/{library}/root");
        Ok(Self { refresh, access: cloud.token(home, cloud.contoso).await, authority, item })
    }

    /// Gets a token for the sharing organization and returns how long that took, in seconds.
    pub async fn refresh(&mut self, cloud: &Cloud) -> anyhow::Result<f64> {
        let grant = Grant::RefreshToken(self.refresh.clone());
        let start = cloud.runtime().elapsed();
        let answer = cloud.grant(self.authority, grant).await?;
        let took = (cloud.runtime().elapsed() - start).as_secs_f64();
        self.refresh = answer.refresh_token.context("no refresh token")?;
        Ok(took)
    }

    /// Looks at the library that was shared and returns how long that took, in seconds.
    pub async fn look(&self, cloud: &Cloud) -> anyhow::Result<f64> {
        let start = cloud.runtime().elapsed();
        let (status, answer) = cloud.get(&self.access, &self.item).await;
        let took = (cloud.runtime().elapsed() - start).as_secs_f64();
        ensure!(status == StatusCode::OK, "the shared library answered {status}: {answer}");
        Ok(took)
    }
}
