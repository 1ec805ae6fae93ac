//! Pages: what a person does on the server's own pages, step by step, answering whatever the page asks.

use anyhow::bail;

use crate::browser::{Browser, Page};

/// Most questions one visit may ask.
const QUESTIONS: usize = 8;

/// Opens an address and answers sign-in and consent until something else is shown.
///
/// # Errors
/// When a page asks something unknown, or refuses.
pub async fn sign_in_at(
    browser: &mut Browser,
    link: &str,
    address: &str,
    password: &str,
) -> anyhow::Result<Page> {
    let mut page = browser.open(link).await?;
    for _ in 0..QUESTIONS {
        page = if page.asks_for("password") {
            browser.submit(&page, &[("password", password)]).await?
        } else if page.asks_for("address") {
            browser.submit(&page, &[("address", address)]).await?
        } else if page.asks_for("choice") {
            browser.submit(&page, &[("choice", "continue")]).await?
        } else if page.asks_for("consent") {
            browser.submit(&page, &[("consent", "accept")]).await?
        } else {
            return Ok(page);
        };
    }
    bail!("the pages at {} ask without end; the last one says:\n{}", page.url.path(), page.body)
}
