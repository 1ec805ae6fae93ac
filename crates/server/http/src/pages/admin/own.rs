//! `GET /admin`: leads to the admin center of one's own organization.

use axum::response::Response;
use directory::office;

use super::super::Visitor;
use super::super::answer::{absent_page, redirect};

pub(in crate::pages) async fn get_own(visitor: Visitor) -> Response {
    if let Err(sign_in) = visitor.require() {
        return sign_in;
    }
    match admin_page_of(&visitor).await {
        Some(page) => redirect(&page),
        None => absent_page(),
    }
}

/// Returns the path of one's own organization's admin center, for who administers it. Whatever stands in the way, such as
/// a policy, is told there.
pub(in crate::pages) async fn admin_page_of(visitor: &Visitor) -> Option<String> {
    let person = visitor.signed_in()?;
    let bearer = visitor.identity().enter(person, person.home.tenant).await.ok()?;
    let office = office(&bearer.call).await.ok()?;
    Some(format!("/{}/admin", office.domain))
}
