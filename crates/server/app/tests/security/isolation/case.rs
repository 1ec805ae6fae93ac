//! Case: one way to ask a route, and what each kind of caller must get.

use std::collections::BTreeMap;

use http::Method;
use http_api::Admits;

use crate::world::{Ask, Things, Who, World};

/// What somebody must get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expect {
    /// Success.
    Ok,
    /// Success, and names and ids of a site the caller is not in are told: what a reviewer must see. Contents are not.
    Told,
    /// 404, and nothing tells it from what does not exist.
    Hidden,
    /// 401, and nothing tells it from a request for what does not exist.
    Unauthenticated,
    /// 403; only for those who may know that the thing exists.
    Forbidden,
    /// The way to the sign-in page and back, and nothing tells it from a request for what does not exist.
    SignIn,
    /// A redirect whose address holds this.
    To(&'static str),
    /// This status, and nothing tells it from a request for what does not exist.
    Blind(u16),
    /// This status.
    Status(u16),
}

impl Expect {
    /// Returns whether the answer must be the same as for what does not exist.
    pub(super) fn is_blind(self) -> bool {
        matches!(self, Self::Hidden | Self::Unauthenticated | Self::SignIn | Self::Blind(_))
    }

    /// Returns whether the request may have changed something.
    pub(super) fn may_change(self) -> bool {
        matches!(self, Self::Ok | Self::Told | Self::To(_))
    }
}

/// What a request is made from.
pub(super) struct At<'a> {
    pub(super) things: &'a Things,
    pub(super) who: Who,
    pub(super) world: &'a World,
}

type Shown = Box<dyn Fn(&At<'_>) -> String>;
type Build = Box<dyn Fn(&At<'_>) -> Ask>;

/// One way to ask a route.
pub(super) struct Case {
    pub(super) method: Method,
    pub(super) pattern: &'static str,
    pub(super) name: &'static str,
    pub(super) build: Build,
    everybody: Option<Expect>,
    rules: BTreeMap<Who, Expect>,
    shown: Vec<(Vec<Who>, Shown)>,
}

/// Makes a case of a route, written as `GET /v1.0/sites/{site}`. Nobody gets in until told so.
pub(super) fn case(
    route: &'static str,
    name: &'static str,
    build: impl Fn(&At<'_>) -> Ask + 'static,
) -> Case {
    let (method, pattern) = route.split_once(' ').expect("a method and a pattern");
    let method = method.parse().expect("a method");
    Case {
        method,
        pattern,
        name,
        build: Box::new(build),
        everybody: None,
        rules: BTreeMap::new(),
        shown: Vec::new(),
    }
}

impl Case {
    /// Sets what everybody gets who is not named apart.
    pub(super) fn everybody(mut self, expect: Expect) -> Self {
        self.everybody = Some(expect);
        self
    }

    /// Sets what some callers get.
    pub(super) fn for_these(mut self, callers: &[Who], expect: Expect) -> Self {
        self.rules.extend(callers.iter().map(|who| (*who, expect)));
        self
    }

    /// Opens the route to some callers.
    pub(super) fn open(self, callers: &[Who]) -> Self {
        self.for_these(callers, Expect::Ok)
    }

    /// Opens the route to some callers, whose answer must show a text: the positive control.
    pub(super) fn shows(mut self, callers: &[Who], text: impl Fn(&At<'_>) -> String + 'static) -> Self {
        self.shown.push((callers.to_vec(), Box::new(text)));
        self.open(callers)
    }

    /// Returns the texts that the answer must show.
    pub(super) fn must_show(&self, at: &At<'_>) -> Vec<String> {
        let mine = self.shown.iter().filter(|(callers, _)| callers.contains(&at.who));
        mine.map(|(_, text)| text(at)).collect()
    }

    /// Refuses some callers who know the thing.
    pub(super) fn forbidden(self, callers: &[Who]) -> Self {
        self.for_these(callers, Expect::Forbidden)
    }

    /// Returns what a caller must get.
    pub(super) fn expect(&self, admits: Admits, who: Who) -> Expect {
        if let Some(expect) = self.rules.get(&who) {
            return *expect;
        }
        match (admits, self.everybody) {
            (Admits::Token, _) if Who::WITHOUT_TOKEN.contains(&who) => Expect::Unauthenticated,
            // Routes are open to people unless they say otherwise, and a program hears nothing but that.
            (Admits::Token, _) if who == Who::Application => Expect::Blind(403),
            (_, Some(expect)) => expect,
            (_, None) => Expect::Hidden,
        }
    }
}
