//! The pages about second factors that sign-in and account share: giving a code, adding an app, recovery codes.

use askama::Template;
use axum::response::Response;
use data_encoding::BASE64;
use http::StatusCode;
use identity::{AppOffer, IdentityError, SignedIn};
use model::TenantId;
use qrcodegen::{QrCode, QrCodeEcc};

use super::Visitor;
use super::answer::{FormTargets, failed_page, html};
use super::continuation::targets;
use crate::App;

#[derive(Template)]
#[template(path = "factor_code.html")]
struct CodePage<'a> {
    organization: &'a str,
    occasion: Option<&'a str>,
    action: &'a str,
    then: &'a str,
    token: &'a str,
    mistake: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "factor_app.html")]
struct AppTemplate<'a> {
    organization: &'a str,
    asked: bool,
    picture: &'a str,
    offer: &'a AppOffer,
    action: &'a str,
    then: &'a str,
    token: &'a str,
    mistake: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct CodesPage<'a> {
    codes: &'a [String],
    then: &'a str,
}

/// Asks for a code of an app or a recovery code.
pub(super) fn code_page(
    visitor: &Visitor,
    (organization, action, then): (&str, &str, &str),
    occasion: Option<&str>,
    mistake: Option<&str>,
) -> Response {
    let page = CodePage { organization, occasion, action, then, token: &visitor.form_token(), mistake };
    html(StatusCode::OK, targets(then), &page)
}

/// Shows recovery codes, once.
pub(super) fn codes_page(codes: &[String], then: &str) -> Response {
    html(StatusCode::OK, FormTargets::Own, &CodesPage { codes, then })
}

/// Where an app is added, and where the person goes on.
#[derive(Clone, Copy)]
pub(super) struct AppPlace<'a> {
    pub(super) tenant: TenantId,
    pub(super) action: &'a str,
    pub(super) then: &'a str,
    /// Whether the organization asks for it now.
    pub(super) asked: bool,
}

/// Adding an authenticator app.
pub(super) struct AppPage<'a> {
    pub(super) app: &'a App,
    pub(super) visitor: &'a Visitor,
    pub(super) person: &'a SignedIn,
}

impl AppPage<'_> {
    /// Shows an offer: the one that was shown already, if it is still good, so that a person who mistyped need not begin anew.
    pub(super) async fn show(&self, place: AppPlace<'_>, known: &str, mistake: Option<&str>) -> Response {
        match self.offer(place.tenant, known).await {
            Ok((organization, offer)) => {
                let page = AppTemplate {
                    organization: &organization,
                    asked: place.asked,
                    picture: &picture(&offer.address).unwrap_or_default(),
                    offer: &offer,
                    action: place.action,
                    then: place.then,
                    token: &self.visitor.form_token(),
                    mistake,
                };
                self.visitor.keep(html(StatusCode::OK, targets(place.then), &page))
            }
            Err(failure) => failed_page(failure),
        }
    }

    async fn offer(&self, place: TenantId, known: &str) -> Result<(String, AppOffer), IdentityError> {
        let organization = self.app.identity.tenant(place).await?.display_name;
        if !known.is_empty()
            && let Some(same) = self.app.identity.same_offer(self.person, place, known).await
        {
            return Ok((organization, same));
        }
        Ok((organization, self.app.identity.offer_app(self.person, place).await?))
    }
}

/// Draws a text for a camera, as the address of a picture that holds itself. None when the text is too long.
fn picture(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut dots = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            dots.push_str(&format!("M{},{}h1v1h-1z", x + 4, y + 4));
        }
    }
    let edge = size + 8;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {edge} {edge}\">\
         <rect width=\"{edge}\" height=\"{edge}\" fill=\"#fff\"/><path d=\"{dots}\" fill=\"#000\"/></svg>"
    );
    Some(format!("data:image/svg+xml;base64,{}", BASE64.encode(svg.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_text_becomes_a_picture_and_one_that_is_too_long_none() {
        assert!(
            picture("otpauth://totp/x?secret=y").is_some_and(|text| text.starts_with("data:image/svg+xml;"))
        );
        assert!(picture(&"x".repeat(4_000)).is_none());
    }
}
