//! Terms of use: `/identityGovernance/termsOfUse/agreements` (C02, 5.7). One file for its few endpoints, which share how an
//! agreement is found and written.

use axum::Json;
use axum::extract::Path;
use data_encoding::BASE64;
use directory::{Terms, TermsDraft, delete_terms, keep_terms, list_terms, list_terms_answers};
use graph_types::Collection;
use http::StatusCode;
use model::{TermsExpiry, TermsId, TermsText, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::json_body::JsonBody;
use crate::{Admits, ApiError, Authenticated, RouteTable};

/// Most texts of a version.
const MOST_TEXTS: usize = 40;

pub(super) fn add(routes: RouteTable) -> RouteTable {
    const AGREEMENTS: &str = "/v1.0/identityGovernance/termsOfUse/agreements";
    const AGREEMENT: &str = "/v1.0/identityGovernance/termsOfUse/agreements/{agreement}";
    routes
        .get(AGREEMENTS, Admits::Token, list_agreements)
        .post(AGREEMENTS, Admits::Token, create_agreement)
        .get(AGREEMENT, Admits::Token, get_agreement)
        .patch(AGREEMENT, Admits::Token, update_agreement)
        .delete(AGREEMENT, Admits::Token, delete_agreement)
        .get(
            "/v1.0/identityGovernance/termsOfUse/agreements/{agreement}/acceptances",
            Admits::Token,
            list_acceptances,
        )
}

/// What is read of an agreement. Members that are absent stay as they are.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Asked {
    display_name: Option<String>,
    is_viewing_before_acceptance_required: Option<bool>,
    is_per_device_acceptance_required: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    terms_expiration: Option<Option<AskedExpiry>>,
    #[serde(default, deserialize_with = "present")]
    user_reaccept_required_frequency: Option<Option<String>>,
    file: Option<AskedFile>,
    #[serde(default)]
    files: Vec<AskedText>,
}

/// Tells null from absent.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AskedExpiry {
    start_date_time: Timestamp,
    frequency: String,
}

#[derive(Deserialize)]
struct AskedFile {
    localizations: Vec<AskedText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AskedText {
    file_name: String,
    language: String,
    #[serde(default)]
    is_default: bool,
    /// Whether everybody must accept again.
    #[serde(default)]
    is_major_version: bool,
    file_data: FileData,
}

#[derive(Deserialize)]
struct FileData {
    data: String,
}

async fn list_agreements(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<Collection<Value>>, ApiError> {
    Ok(Json(Collection::last(list_terms(&call).await?.iter().map(write).collect())))
}

async fn create_agreement(
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let id = TermsId::from_random(call.store().runtime().random());
    let kept = keep_terms(&call, id, draft(asked, None)?).await?;
    Ok((StatusCode::CREATED, Json(write(&kept))))
}

async fn get_agreement(
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(write(&find(list_terms(&call).await?, &id)?)))
}

async fn update_agreement(
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<Json<Value>, ApiError> {
    let before = find(list_terms(&call).await?, &id)?;
    let kept = keep_terms(&call, before.agreement.id, draft(asked, Some(&before))?).await?;
    Ok(Json(write(&kept)))
}

async fn delete_agreement(
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    // Who may not see agreements is refused before anything about the id is told.
    let found = find(list_terms(&call).await?, &id)?;
    delete_terms(&call, found.agreement.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list_acceptances(
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
) -> Result<Json<Collection<Value>>, ApiError> {
    let found = find(list_terms(&call).await?, &id)?.agreement.id;
    let answers = list_terms_answers(&call, found).await?;
    let write = |answer: &model::TermsAnswer| {
        json!({
            "agreementId": found.to_string(),
            "agreementFileId": answer.version.to_string(),
            "userId": answer.user.to_string(),
            "state": if answer.accepted { "accepted" } else { "declined" },
            "recordedDateTime": answer.at.to_string(),
        })
    };
    Ok(Json(Collection::last(answers.iter().map(write).collect())))
}

fn find(terms: Vec<Terms>, id: &str) -> Result<Terms, ApiError> {
    let id: TermsId = id.parse().map_err(|_| ApiError::NotFound)?;
    terms.into_iter().find(|terms| terms.agreement.id == id).ok_or(ApiError::NotFound)
}

fn draft(asked: Asked, before: Option<&Terms>) -> Result<TermsDraft, ApiError> {
    if asked.is_per_device_acceptance_required == Some(true) {
        return Err(ApiError::NotSupported("acceptance for each device, which guests cannot give,"));
    }
    let known = before.map(|before| &before.agreement);
    let mut texts = asked.files;
    texts.extend(asked.file.into_iter().flat_map(|file| file.localizations));
    if texts.len() > MOST_TEXTS {
        return Err(ApiError::invalid(format!("a version has {MOST_TEXTS} languages at most")));
    }
    Ok(TermsDraft {
        display_name: asked
            .display_name
            .or_else(|| known.map(|known| known.display_name.clone()))
            .unwrap_or_default(),
        viewing_required: asked
            .is_viewing_before_acceptance_required
            .unwrap_or_else(|| known.is_some_and(|known| known.viewing_required)),
        expiry: match asked.terms_expiration {
            None => known.and_then(|known| known.expiry),
            Some(None) => None,
            Some(Some(expiry)) => Some(TermsExpiry {
                from: expiry.start_date_time,
                every_s: seconds(&expiry.frequency, "termsExpiration")?,
            }),
        },
        reaccept_every_s: match asked.user_reaccept_required_frequency {
            None => known.and_then(|known| known.reaccept_every_s),
            Some(None) => None,
            Some(Some(every)) => Some(seconds(&every, "userReacceptRequiredFrequency")?),
        },
        reaccept: texts.iter().any(|text| text.is_major_version),
        texts: texts.into_iter().map(read_text).collect::<Result<_, _>>()?,
    })
}

fn read_text(asked: AskedText) -> Result<TermsText, ApiError> {
    let content = BASE64
        .decode(asked.file_data.data.as_bytes())
        .map_err(|_| ApiError::invalid("fileData.data is no base 64"))?;
    let media_type = match std::str::from_utf8(&content) {
        _ if content.starts_with(b"%PDF-") => "application/pdf",
        Ok(text) if !text.trim().is_empty() => "text/plain; charset=utf-8",
        _ => return Err(ApiError::invalid("an agreement's file is a PDF or a text in UTF-8")),
    };
    let plain = |text: &str| {
        !text.is_empty() && text.len() <= 200 && !text.chars().any(|c| c.is_control() || "/\\\"".contains(c))
    };
    let tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !plain(&asked.file_name) || asked.language.is_empty() || asked.language.len() > 35 {
        return Err(ApiError::invalid("a file needs a name and a language"));
    }
    if !asked.language.chars().all(tag) {
        return Err(ApiError::invalid("a language is a tag such as en or de-CH"));
    }
    Ok(TermsText {
        language: asked.language.to_lowercase(),
        is_default: asked.is_default,
        file_name: asked.file_name,
        media_type: media_type.to_owned(),
        content,
    })
}

/// Reads a period of days or weeks in ISO 8601, such as `P90D`.
fn seconds(text: &str, field: &'static str) -> Result<i64, ApiError> {
    let days = |number: &str, each: i64| number.parse::<i64>().ok().and_then(|count| count.checked_mul(each));
    let period =
        text.strip_prefix('P').and_then(|text| match text.split_at_checked(text.len().saturating_sub(1)) {
            Some((number, "D")) => days(number, 1),
            Some((number, "W")) => days(number, 7),
            _ => None,
        });
    match period {
        Some(days @ 1..=3_650) => Ok(days * 24 * 3_600),
        _ => Err(ApiError::invalid(format!("{field}: a period of 1 to 3650 days, such as P90D"))),
    }
}

fn write(terms: &Terms) -> Value {
    let agreement = &terms.agreement;
    let period = |seconds: i64| format!("P{}D", seconds / (24 * 3_600));
    let texts: Vec<Value> = terms
        .texts
        .iter()
        .map(|text| {
            json!({
                "fileName": text.file_name,
                "language": text.language,
                "isDefault": text.is_default,
                "isMajorVersion": terms.versions.last().is_some_and(|version| version.reaccept),
            })
        })
        .collect();
    json!({
        "id": agreement.id.to_string(),
        "displayName": agreement.display_name,
        "isViewingBeforeAcceptanceRequired": agreement.viewing_required,
        "isPerDeviceAcceptanceRequired": false,
        "termsExpiration": agreement.expiry.map(|expiry| json!({
            "startDateTime": expiry.from.to_string(), "frequency": period(expiry.every_s),
        })),
        "userReacceptRequiredFrequency": agreement.reaccept_every_s.map(period),
        "file": {"id": terms.newest().to_string(), "localizations": texts},
    })
}
