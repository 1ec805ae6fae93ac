//! In which order the requests of a batch run: as written, but never before what they depend on.

use std::collections::BTreeMap;

use super::envelope::BatchRequest;
use crate::ApiError;

/// Returns the requests by position in the order in which they run.
pub(super) fn order(requests: &[BatchRequest]) -> Result<Vec<usize>, ApiError> {
    let mut known = BTreeMap::new();
    for (at, request) in requests.iter().enumerate() {
        if request.id.is_empty() || known.insert(request.id.as_str(), at).is_some() {
            return Err(ApiError::invalid("each request of a batch needs an id of its own"));
        }
    }
    if requests.iter().flat_map(|request| &request.depends_on).any(|id| !known.contains_key(id.as_str())) {
        return Err(ApiError::invalid("dependsOn names a request that is not in the batch"));
    }
    let mut order: Vec<usize> = Vec::with_capacity(requests.len());
    while order.len() < requests.len() {
        let ready = |at: &usize| {
            let met = |id: &String| known.get(id.as_str()).is_some_and(|needed| order.contains(needed));
            !order.contains(at) && requests[*at].depends_on.iter().all(met)
        };
        let Some(next) = (0..requests.len()).find(ready) else {
            return Err(ApiError::invalid("requests of the batch depend on each other in a circle"));
        };
        order.push(next);
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::order;
    use crate::graph::batch::envelope::Batch;

    fn ordered(requests: &serde_json::Value) -> Option<Vec<usize>> {
        let batch: Batch = serde_json::from_value(json!({ "requests": requests })).expect("a batch");
        order(&batch.requests).ok()
    }

    #[test]
    fn what_a_request_depends_on_runs_before_it() {
        let request =
            |id: &str, on: &[&str]| json!({ "id": id, "method": "GET", "url": "/me", "dependsOn": on });
        let requests = json!([request("1", &["3"]), request("2", &[]), request("3", &["2"])]);
        assert_eq!(ordered(&requests), Some(vec![1, 2, 0]));
        assert_eq!(ordered(&json!([request("1", &["2"]), request("2", &["1"])])), None, "a circle");
        assert_eq!(ordered(&json!([request("1", &["1"])])), None, "itself");
        assert_eq!(ordered(&json!([request("1", &[]), request("1", &[])])), None, "twice");
        assert_eq!(ordered(&json!([request("1", &["9"])])), None, "unknown");
        assert_eq!(ordered(&json!([request("", &[])])), None, "no id");
    }
}
