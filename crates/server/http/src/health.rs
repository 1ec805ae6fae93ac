//! `GET /healthz`: whether the process and its database answer; `HEAD /` for clients that probe the sign-in host.

use axum::extract::State;
use http::StatusCode;
use storage::{Operator, StorageError};

use crate::{Admits, ApiError, App, RouteTable};

/// Adds the routes.
pub(crate) fn add(routes: RouteTable) -> RouteTable {
    routes.get("/healthz", Admits::Anyone, healthz)
}

async fn healthz(State(app): State<App>) -> Result<(StatusCode, &'static str), ApiError> {
    let operator = Operator::new(app.store.clone());
    operator.read(|cloud| -> Result<_, StorageError> { cloud.find_secret("health").map(|_| ()) }).await?;
    Ok((StatusCode::OK, "ok\n"))
}
