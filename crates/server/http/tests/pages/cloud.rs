//! A cloud and its browsers: Contoso and Fabrikam, Maria at Fabrikam.

use std::ops::Deref;

use data_encoding::BASE64URL_NOPAD;
use directory::Offer;
use model::UserId;
use sha2::{Digest, Sha256};

use crate::browser::{Answer, Browser};

pub(crate) use testkit::cloud::{MARIA, ORIGIN, PASSWORD, REDIRECT, VERIFIER};

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

    /// Starts the server again, with issuers on this computer.
    pub(crate) async fn allow_issuers(&mut self, hosts: &[&str]) {
        self.0.allow_issuers(hosts).await;
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Returns a browser in which somebody is signed in.
    pub(crate) async fn signed_in_as(&self, address: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/sign-in").await;
        let page = browser.submit(&page, &[("address", address)]).await;
        let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
        browser
    }

    /// Returns a browser in which Maria is signed in.
    pub(crate) async fn signed_in(&self) -> Browser {
        self.signed_in_as(MARIA).await
    }

    /// Makes an accepted guest of Contoso bound to Maria.
    pub(crate) async fn accepted_guest(&self) -> UserId {
        self.invite(MARIA).await;
        self.accept(self.maria, Offer::Any).await.user
    }
}

/// Returns an authorization address of the sync client, with changes.
pub(crate) fn authorize(organization: &str, changes: &[(&str, &str)]) -> String {
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER));
    let mut parameters = std::collections::BTreeMap::from([
        ("client_id", transfer::CLIENT_ID),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid profile offline_access Files.ReadWrite.All"),
        ("state", "a state"),
        ("nonce", "a nonce"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]);
    for (name, value) in changes {
        if value.is_empty() {
            parameters.remove(name);
        } else {
            parameters.insert(name, value);
        }
    }
    let query = serde_urlencoded::to_string(parameters).expect("a query");
    format!("/{organization}/oauth2/v2.0/authorize?{query}")
}

/// Exchanges a code.
pub(crate) async fn exchange(browser: &mut Browser, organization: &str, code: &str) -> Answer {
    let fields = [
        ("client_id", transfer::CLIENT_ID),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
        ("client_info", "1"),
    ];
    browser.post(&format!("/{organization}/oauth2/v2.0/token"), &fields).await
}
