//! Claims: what the client says with every token request, and what an API's challenge asks it to repeat (5.6).
//!
//! `cp1` announces that this client reads challenges; without it a server may hand out short tokens only.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use serde_json::{Map, Value, json};

/// Longest challenge that is passed on.
const CHALLENGE_LIMIT: usize = 8 * 1024;

/// Makes the `claims` parameter: that challenges are understood, and the challenge to be met.
pub(crate) fn claims_parameter(challenge: Option<&str>) -> String {
    let mut claims: Map<String, Value> =
        challenge.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let of_token = claims.entry("access_token").or_insert_with(|| json!({}));
    if let Some(fields) = of_token.as_object_mut() {
        fields.insert("xms_cc".to_owned(), json!({"values": ["cp1"]}));
    }
    Value::Object(claims).to_string()
}

/// Reads the challenge of a 401: `Bearer …, error="insufficient_claims", claims="<base64 JSON>"`.
pub(crate) fn challenge(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let asks = |text: &&str| text.contains("insufficient_claims");
    let text = values.filter(|text| text.len() <= CHALLENGE_LIMIT).find(asks)?;
    let (_, rest) = text.split_once("claims=\"")?;
    let coded = rest.split('"').next()?;
    let bytes = STANDARD.decode(coded).or_else(|_| URL_SAFE.decode(coded)).ok()?;
    let json = String::from_utf8(bytes).ok()?;
    serde_json::from_str::<Map<String, Value>>(&json).is_ok().then_some(json)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use http::HeaderMap;
    use http::header::{HeaderValue, WWW_AUTHENTICATE};
    use serde_json::{Value, json};

    use super::{challenge, claims_parameter};

    #[test]
    fn s_5_6_a_challenge_is_read_from_the_header_and_repeated_beside_cp1() {
        let asked = json!({"access_token": {"nbf": {"essential": true, "value": "1"}}}).to_string();
        let mut headers = HeaderMap::new();
        let value = format!(
            "Bearer realm=\"\", authorization_uri=\"https://c.example/a\", error=\"insufficient_claims\", claims=\"{}\"",
            STANDARD.encode(&asked)
        );
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_str(&value).unwrap());
        assert_eq!(challenge(&headers).as_deref(), Some(asked.as_str()));
        let said: Value = serde_json::from_str(&claims_parameter(Some(&asked))).unwrap();
        assert_eq!(said["access_token"]["nbf"]["value"], "1");
        assert_eq!(said["access_token"]["xms_cc"]["values"][0], "cp1");
        let alone: Value = serde_json::from_str(&claims_parameter(None)).unwrap();
        assert_eq!(alone, json!({"access_token": {"xms_cc": {"values": ["cp1"]}}}));
    }

    #[test]
    fn a_header_that_asks_for_nothing_readable_is_no_challenge() {
        for text in [
            "Bearer error=\"invalid_token\"",
            "Bearer error=\"insufficient_claims\"",
            "Bearer error=\"insufficient_claims\", claims=\"%%%\"",
            "Bearer error=\"insufficient_claims\", claims=\"bm90IGpzb24=\"",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(text));
            assert_eq!(challenge(&headers), None, "{text}");
        }
    }
}
