//! Route table: the only way a route comes into being, so that the list of routes is complete by construction.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use http::Method;

use crate::App;

/// Who gets past the door of a route. What they may see behind it is decided on the stored truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Admits {
    /// Everybody; the answer holds nothing of any tenant beyond what its sign-in page must say.
    Anyone,
    /// A person with an access token.
    Token,
    /// Whoever holds the address, for the person it was made for; a token sent along is ignored.
    Address,
    /// A person with a browser session; others are sent to sign in.
    Session,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The pattern, with `{name}` for a variable segment.
    pub pattern: &'static str,
    /// Who gets past the door.
    pub admits: Admits,
}

/// Routes being collected.
#[derive(Default)]
pub struct RouteTable {
    router: Router<App>,
    routes: Vec<Route>,
}

impl RouteTable {
    /// Adds a route.
    #[must_use]
    pub fn add<H, T>(mut self, method: Method, pattern: &'static str, admits: Admits, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let Ok(filter) = MethodFilter::try_from(method.clone()) else { return self };
        self.router = self.router.route(pattern, on(filter, handler));
        self.routes.push(Route { method, pattern, admits });
        self
    }

    /// Adds a `GET` route.
    #[must_use]
    pub fn get<H, T>(self, pattern: &'static str, admits: Admits, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, pattern, admits, handler)
    }

    /// Adds a `POST` route.
    #[must_use]
    pub fn post<H, T>(self, pattern: &'static str, admits: Admits, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, pattern, admits, handler)
    }

    /// Adds a `PUT` route.
    #[must_use]
    pub fn put<H, T>(self, pattern: &'static str, admits: Admits, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::PUT, pattern, admits, handler)
    }

    /// Adds a `PATCH` route.
    #[must_use]
    pub fn patch<H, T>(self, pattern: &'static str, admits: Admits, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::PATCH, pattern, admits, handler)
    }

    /// Adds a `DELETE` route.
    #[must_use]
    pub fn delete<H, T>(self, pattern: &'static str, admits: Admits, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::DELETE, pattern, admits, handler)
    }

    /// Splits into what is served and the list of it.
    pub fn into_parts(self) -> (Router<App>, Vec<Route>) {
        (self.router, self.routes)
    }
}
