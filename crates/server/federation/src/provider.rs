//! Provider: what an issuer says about itself (OpenID Connect Discovery 1.0), checked before any of it is used.

use serde::Deserialize;
use url::Url;

use crate::{ProviderFault, Web};

/// Longest address taken from a document, in bytes.
const LONGEST: usize = 1_024;

/// An issuer with its endpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its name in tokens.
    pub issuer: String,
    /// Where people sign in.
    pub authorization: Url,
    /// Where codes become tokens.
    pub token: Url,
    /// Where its keys are.
    pub keys: Url,
    /// Where it says more about somebody.
    pub userinfo: Option<Url>,
    /// Whether it names itself in answers to authorization requests (RFC 9207).
    pub names_itself: bool,
}

#[derive(Deserialize)]
struct Written {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Provider {
    /// Returns where the document of an issuer is, if this server may ask there.
    pub(crate) fn document(web: &dyn Web, issuer: &str) -> Result<Url, ProviderFault> {
        let url = Url::parse(issuer).map_err(|_| ProviderFault::Issuer)?;
        let bare = url.query().is_none() && url.fragment().is_none() && issuer.len() <= LONGEST;
        if !bare || url.host().is_none() {
            return Err(ProviderFault::Issuer);
        }
        let stem = issuer.trim_end_matches('/');
        endpoint(web, &format!("{stem}/.well-known/openid-configuration"))
    }

    /// Reads the document that an issuer answered.
    pub(crate) fn read(web: &dyn Web, issuer: &str, document: &[u8]) -> Result<Self, ProviderFault> {
        let written: Written = serde_json::from_slice(document)
            .map_err(|_| ProviderFault::Document("it is no OpenID Connect discovery document"))?;
        // Whoever answers here must call itself what the administrator calls it.
        if written.issuer != issuer {
            return Err(ProviderFault::Document("it names another issuer; use exactly the one it names"));
        }
        Ok(Self {
            issuer: written.issuer,
            authorization: endpoint(web, &written.authorization_endpoint)?,
            token: endpoint(web, &written.token_endpoint)?,
            keys: endpoint(web, &written.jwks_uri)?,
            userinfo: written.userinfo_endpoint.map(|text| endpoint(web, &text)).transpose()?,
            names_itself: written.authorization_response_iss_parameter_supported,
        })
    }
}

fn endpoint(web: &dyn Web, text: &str) -> Result<Url, ProviderFault> {
    let url = Url::parse(text).map_err(|_| ProviderFault::Document("an endpoint is no address"))?;
    if url.fragment().is_some() || text.len() > LONGEST {
        return Err(ProviderFault::Document("an endpoint is no address"));
    }
    if web.goes_to(&url) {
        Ok(url)
    } else {
        let host = url.host_str().unwrap_or("an address without a host").to_owned();
        Err(crate::WebFault::Place { host }.into())
    }
}
