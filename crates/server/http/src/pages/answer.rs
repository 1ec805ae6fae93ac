//! Answers of pages: HTML under a strict policy, redirects, and the pages that say what went wrong and how to mend it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use identity::{IdentityError, Refusal};

/// Where a page's forms may lead, redirects included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormTargets {
    /// This origin.
    Own,
    /// Also a client on the same computer, because a sign-in ends there.
    OwnAndLoopback,
}

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; \
                      frame-ancestors 'none'; form-action 'self'";

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    title: &'a str,
    text: &'a str,
}

/// Renders a page.
pub(super) fn html(status: StatusCode, targets: FormTargets, template: &impl Template) -> Response {
    let Ok(body) = template.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let policy = match targets {
        FormTargets::Own => POLICY.to_owned(),
        FormTargets::OwnAndLoopback => format!("{POLICY} http://localhost:* http://127.0.0.1:*"),
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// Sends the browser elsewhere by `GET`.
pub(crate) fn redirect(to: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(to) else { return StatusCode::BAD_REQUEST.into_response() };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Says what is wrong and how to mend it.
pub(crate) fn message_page(status: StatusCode, title: &str, text: &str) -> Response {
    html(status, FormTargets::Own, &MessagePage { title, text })
}

/// The one answer for what does not exist and for what the visitor may not know of.
pub(crate) fn absent_page() -> Response {
    message_page(
        StatusCode::NOT_FOUND,
        "There is nothing here for you",
        "The address is wrong, or what was here is not shared with the account you are signed in with. Check the \
         address, sign in with another account, or ask the person who sent it to you.",
    )
}

/// The answer to a form that does not come from the page we served to this browser.
pub(super) fn stale_form_page() -> Response {
    message_page(
        StatusCode::FORBIDDEN,
        "This page is out of date",
        "It was opened too long ago, in another browser, or before you signed in or out. Go back, reload the page and \
         try again.",
    )
}

/// Turns a failed identity operation into a page.
pub(crate) fn failed_page(error: IdentityError) -> Response {
    match error {
        IdentityError::Refused(refusal) => {
            let status = match refusal {
                Refusal::UnknownTenant => StatusCode::NOT_FOUND,
                _ => StatusCode::BAD_REQUEST,
            };
            let text = format!("{refusal} (AADSTS{})", refusal.code());
            message_page(status, "That did not work", &text)
        }
        failure => server_failure(&failure),
    }
}

/// Logs a failure and says that it is ours.
pub(super) fn server_failure(failure: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error = failure, "a page failed");
    message_page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something failed on our side",
        "Nothing was changed. Try again in a moment; if it stays, tell the operator of this cloud.",
    )
}
