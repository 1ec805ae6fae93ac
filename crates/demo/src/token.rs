//! Token: signs a script in, by authorization code with PKCE in the person's browser, and takes a token for Graph.

use anyhow::Context;
use data_encoding::BASE64URL_NOPAD;
use runtime::Runtime;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use crate::browser::{Browser, CALLBACK};
use crate::cloud::Organization;
use crate::pages;

/// The application that scripts sign in to.
pub const CLIENT_ID: &str = transfer::CLIENT_ID;

/// Returns an access token for the person's own organization.
///
/// # Errors
/// When a page or the token endpoint refuses.
pub async fn for_script(
    browser: &mut Browser,
    origin: &str,
    organization: &Organization,
    password: &str,
    runtime: &Runtime,
) -> anyhow::Result<String> {
    let answer = tokens_for_script(browser, origin, organization, password, runtime).await?;
    let token = answer["access_token"].as_str();
    Ok(token.with_context(|| format!("no token: {}", answer["error_description"]))?.to_owned())
}

/// Returns everything the token endpoint gives a script for the person's own organization.
///
/// # Errors
/// As [`for_script`].
pub async fn tokens_for_script(
    browser: &mut Browser,
    origin: &str,
    organization: &Organization,
    password: &str,
    runtime: &Runtime,
) -> anyhow::Result<Value> {
    let verifier = BASE64URL_NOPAD.encode(&runtime.random::<32>());
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    let base = format!("{origin}/{}/oauth2/v2.0", organization.domain);
    let query = [
        ("client_id", CLIENT_ID),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid offline_access"),
        ("state", "demo"),
        ("login_hint", organization.admin),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let link = Url::parse_with_params(&format!("{base}/authorize"), query)?;
    let page = pages::sign_in_at(browser, link.as_str(), organization.admin, password).await?;
    let code = page.url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
    let code = code.with_context(|| format!("signing in ended without a code:\n{}", page.body))?;
    let fields = [
        ("client_id", CLIENT_ID),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", &verifier),
    ];
    let answer = browser.post(&format!("{base}/token"), &fields).await?;
    serde_json::from_str(&answer).context("the token endpoint answers JSON")
}
