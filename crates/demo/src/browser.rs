//! Browser: a person's browser without a screen — cookies, redirects, forms. One per person, so sessions never mix.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use url::Url;

use crate::form::{Form, forms, links};

/// Most redirects that are followed.
const REDIRECTS: usize = 12;

/// Redirect address of a script that signs in: the browser stops there and shows the address, as nothing listens.
pub const CALLBACK: &str = "http://127.0.0.1:1/signed-in";

/// A page as it was answered.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where redirects ended.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// The text.
    pub body: String,
}

impl Page {
    /// Returns whether the page has a form with this field.
    #[must_use]
    pub fn asks_for(&self, field: &str) -> bool {
        self.form_with(field).is_some()
    }

    /// Returns the first link that starts like this.
    #[must_use]
    pub fn link(&self, prefix: &str) -> Option<String> {
        links(&self.body).into_iter().find(|link| link.starts_with(prefix))
    }

    fn form_with(&self, field: &str) -> Option<Form> {
        forms(&self.body).into_iter().find(|form| form.has(field))
    }
}

/// A person's browser.
pub struct Browser {
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// Opens a browser without any session.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new() -> anyhow::Result<Self> {
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
        Ok(Self { client, cookies: BTreeMap::new() })
    }

    /// Opens an address and follows its redirects.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn open(&mut self, address: &str) -> anyhow::Result<Page> {
        let url = Url::parse(address).with_context(|| format!("{address} is not an address"))?;
        self.go(self.client.get(url.clone()), url).await
    }

    /// Fills in the form that has the first of these fields and sends it, hidden fields included.
    ///
    /// # Errors
    /// When the page has no such form or nothing answers.
    pub async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> anyhow::Result<Page> {
        let first = fields.first().context("a form needs at least one field")?.0;
        let Some(form) = page.form_with(first) else {
            bail!("the page {} has no form with the field {first}:\n{}", page.url.path(), page.body)
        };
        let given = |name: &str| fields.iter().any(|(field, _)| *field == name);
        // Buttons that are not pressed are not sent; hidden fields are. Both read the same here, and the product's
        // forms have only one of a name unless it is a choice of buttons, which the caller then names.
        let kept = form.fields.iter().filter(|(name, value)| !given(name) && !value.is_empty());
        let mut pairs: Vec<(&str, &str)> =
            kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.extend_from_slice(fields);
        let target = page.url.join(&form.action)?;
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let origin = page.url.origin().ascii_serialization();
        let request = self
            .client
            .post(target.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", origin)
            .body(body);
        self.go(request, target).await
    }

    /// Sends fields to an endpoint, without cookies and redirects, as a program does, and answers with the text.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn post(&self, address: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request =
            self.client.post(address).header("content-type", "application/x-www-form-urlencoded").body(body);
        Ok(request.send().await?.text().await?)
    }

    async fn go(&mut self, mut request: reqwest::RequestBuilder, mut url: Url) -> anyhow::Result<Page> {
        for _ in 0..REDIRECTS {
            if !self.cookies.is_empty() {
                let cookies: Vec<String> =
                    self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
                request = request.header(COOKIE, cookies.join("; "));
            }
            let response = request.send().await.with_context(|| format!("{} did not answer", url.path()))?;
            self.keep_cookies(&response);
            let location =
                response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
            let status = response.status();
            match location.filter(|_| status.is_redirection()) {
                Some(location) if location.starts_with(CALLBACK) => {
                    return Ok(Page {
                        url: Url::parse(&location)?,
                        status: status.as_u16(),
                        body: String::new(),
                    });
                }
                Some(location) => {
                    url = url.join(&location)?;
                    request = self.client.get(url.clone());
                }
                None => return Ok(Page { url, status: status.as_u16(), body: response.text().await? }),
            }
        }
        bail!("the redirects at {} do not end", url.path())
    }

    fn keep_cookies(&mut self, response: &reqwest::Response) {
        for value in response.headers().get_all(SET_COOKIE) {
            let Some((name, rest)) = value.to_str().ok().and_then(|text| text.split_once('=')) else {
                continue;
            };
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() || rest.to_ascii_lowercase().contains("max-age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
