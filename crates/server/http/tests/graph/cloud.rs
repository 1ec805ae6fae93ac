//! A cloud behind its router: Anna administers Contoso and owns *Falcon*; Ben works at Fabrikam.

use std::ops::Deref;

use directory::Offer;
use http::StatusCode;
use model::HomeAccount;
use serde_json::{Value, json};

pub(crate) use testkit::cloud::{BEN, Network, ticket};

pub(crate) struct Cloud(testkit::cloud::Cloud);

impl Deref for Cloud {
    type Target = testkit::cloud::Cloud;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        Self(testkit::cloud::Cloud::start().await)
    }

    /// The server starts again on what is stored.
    pub(crate) async fn restart(&mut self) {
        self.0.restart().await;
    }

    /// The server starts again with other settings of its network.
    pub(crate) async fn restart_on(&mut self, network: Network) {
        self.0.restart_on(network).await;
    }

    /// Everything from now on comes from an address.
    pub(crate) fn come_from(&mut self, address: &str) {
        self.0.come_from(address);
    }

    /// Returns a token of Contoso's administrator.
    pub(crate) async fn anna(&self) -> String {
        self.token(self.at_contoso(self.anna).home, self.contoso).await
    }

    /// Returns a token of one more member of Contoso.
    pub(crate) async fn colleague(&self, address: &str) -> String {
        let user = self.add_member(self.contoso, &[address]).await;
        self.token(self.at_contoso(user).home, self.contoso).await
    }

    /// Ben accepts whatever Contoso offers him and gets a token of Contoso.
    pub(crate) async fn ben_as_guest(&self) -> String {
        self.accept(Offer::Any).await;
        self.token(self.ben_at_home(), self.contoso).await
    }

    /// Ben accepts an offer.
    pub(crate) async fn accept(&self, offer: Offer) {
        self.0.accept(self.ben, offer).await;
    }

    pub(crate) fn ben_at_home(&self) -> HomeAccount {
        self.at_home(self.ben)
    }

    /// Makes the site *Falcon* and returns its id and its library's.
    pub(crate) async fn falcon(&self, token: &str) -> (String, String) {
        let new = json!({"name": "Falcon", "displayName": "Project Falcon"});
        let (status, site) = self.post(token, "/v1.0/sites", new).await;
        assert_eq!(status, StatusCode::CREATED, "{site}");
        let id = text(&site["id"]);
        let (_, drives) = self.get(token, &format!("/v1.0/sites/{id}/drives")).await;
        (id, text(&drives["value"][0]["id"]))
    }
}

/// Returns a JSON text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Returns an error's code and inner code.
pub(crate) fn codes(body: &Value) -> (&str, Option<&str>) {
    let error = &body["error"];
    (error["code"].as_str().expect("a code"), error["innerError"]["code"].as_str())
}
