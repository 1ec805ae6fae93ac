//! Sweep: asks every case as everybody, judges status, sameness with what does not exist, leaks and changes, and prints
//! the table.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use http_api::{Admits, Route};
use serde_json::Value;

use super::case::{At, Case, Expect};
use super::cases;
use crate::world::{Answer, Ask, Door, Who, World, watch_panics};

/// Most problems told at once.
const TOLD: usize = 60;

/// Compares the table with what is served.
pub(super) fn compare_with_routes(cases: &[Case]) -> Vec<String> {
    let served: BTreeSet<String> = http_api::routes().iter().map(name_of).collect();
    let listed: BTreeSet<String> =
        cases.iter().map(|case| format!("{} {}", case.method, case.pattern)).collect();
    let missing = served.difference(&listed).map(|route| format!("served, but not in the table: {route}"));
    let stale = listed.difference(&served).map(|route| format!("in the table, but not served: {route}"));
    missing.chain(stale).collect()
}

fn name_of(route: &Route) -> String {
    format!("{} {}", route.method, route.pattern)
}

/// Asks every case as everybody and panics with the table when something is not as it must be.
pub(super) async fn run(world: World) {
    let panics = watch_panics();
    let cases = cases::all();
    let mut sweep = Sweep { world, problems: compare_with_routes(&cases), table: String::new() };
    sweep.head();
    let served = http_api::routes();
    for case in &cases {
        let route = served.iter().find(|route| route.method == case.method && route.pattern == case.pattern);
        if let Some(route) = route {
            sweep.case(case, route.admits).await;
        }
    }
    sweep.problems.extend(panics.seen().into_iter().map(|text| format!("a panic: {text}")));
    println!("{}", sweep.table);
    let told: Vec<String> = sweep.problems.iter().take(TOLD).map(|text| start_of(text, 420)).collect();
    assert!(sweep.problems.is_empty(), "{} problems:\n{}", sweep.problems.len(), told.join("\n"));
}

struct Sweep {
    world: World,
    problems: Vec<String>,
    table: String,
}

impl Sweep {
    fn head(&mut self) {
        let names: Vec<String> = Who::ALL.iter().map(|who| format!("{who:>10}")).collect();
        let _written = writeln!(self.table, "{:90}{}", "route: case", names.join(" "));
    }

    async fn case(&mut self, case: &Case, admits: Admits) {
        // First everybody who must change nothing, then those who may.
        let (may, not): (Vec<Who>, Vec<Who>) =
            Who::ALL.into_iter().partition(|who| case.expect(admits, *who).may_change());
        let before = self.world.digest().await;
        let mut statuses = std::collections::BTreeMap::new();
        for who in not {
            statuses.insert(who, self.ask(case, admits, who).await);
        }
        if self.world.digest().await != before {
            self.problems.push(format!("{}: a refused request changed something", label(case)));
        }
        for who in may {
            statuses.insert(who, self.ask(case, admits, who).await);
        }
        let cells: Vec<String> = statuses.values().map(|status| format!("{status:>10}")).collect();
        let _written = writeln!(self.table, "{:90}{}", label(case), cells.join(" "));
    }

    async fn ask(&mut self, case: &Case, admits: Admits, who: Who) -> u16 {
        let door = if admits == Admits::Token { Door::Token } else { Door::Session };
        let expect = case.expect(admits, who);
        let world = &self.world;
        let at = At { things: &world.things, who, world };
        let ask = (case.build)(&at);
        let answer = world.send(who, door, &ask).await;
        let mut problems = judge(expect, &answer);
        let shown = case.must_show(&at).into_iter();
        let unseen =
            shown.filter(|text| !answer.readings().iter().any(|said| said.contains(&text.to_lowercase())));
        problems
            .extend(unseen.map(|text| format!("does not show {text}: {}", start_of(&answer.text(), 300))));
        // In a browser, who is at home is the site's guest as well.
        let knows = if door == Door::Session && who == Who::GuestAtHome { Who::SiteGuest } else { who };
        let leaked = leaks(world, knows, &ask, &answer).into_iter();
        problems
            .extend(leaked.filter(|leak| {
                expect != Expect::Told || leak.contains("content") || leak.contains("secret")
            }));
        if expect.is_blind() {
            let things = world.things.twin(who, &world.runtime);
            let twin = (case.build)(&At { things: &things, who, world });
            let absent = world.send(who, door, &twin).await;
            let (real, absent) = (neutral(&ask, &answer), neutral(&twin, &absent));
            if real != absent {
                problems.push(format!("tells hidden from absent:\n      {real}\n      {absent}"));
            }
        }
        let place = label(case);
        self.problems.extend(problems.into_iter().map(|problem| format!("{place} as {who}: {problem}")));
        answer.status.as_u16()
    }
}

fn label(case: &Case) -> String {
    format!("{} {}: {}", case.method, case.pattern, case.name)
}

fn judge(expect: Expect, answer: &Answer) -> Vec<String> {
    let status = answer.status.as_u16();
    let location = answer.header("location").unwrap_or_default();
    let right = match expect {
        Expect::Ok | Expect::Told => answer.status.is_success(),
        Expect::Hidden => status == 404,
        Expect::Unauthenticated => status == 401 && answer.header("www-authenticate").is_some(),
        Expect::Forbidden => status == 403,
        Expect::SignIn => status == 303 && location.starts_with("/sign-in?"),
        Expect::To(part) => answer.status.is_redirection() && location.contains(part),
        Expect::Blind(wanted) | Expect::Status(wanted) => status == wanted,
    };
    let mut problems = Vec::new();
    if !right {
        problems
            .push(format!("{expect:?} expected, got {status} {location} {}", start_of(&answer.text(), 300)));
    }
    let ours = status != 501 && answer.status.is_server_error();
    if ours {
        problems.push(format!("the server failed: {status} {}", start_of(&answer.text(), 300)));
    }
    for header in ["x-content-type-options", "request-id"] {
        if answer.header(header).is_none() {
            problems.push(format!("the header {header} is missing"));
        }
    }
    problems
}

fn start_of(text: &str, most: usize) -> String {
    text.chars().take(most).collect::<String>().replace('\n', " ")
}

/// Finds what the caller must not know and did not write themselves.
fn leaks(world: &World, who: Who, ask: &Ask, answer: &Answer) -> Vec<String> {
    let readings = answer.readings();
    let foreign = world.secrets.iter().filter(|secret| !secret.known_to.contains(&who));
    let told = foreign.filter(|secret| readings.iter().any(|reading| reading.contains(&secret.text)));
    told.filter(|secret| !ask.says(&secret.text))
        .map(|secret| {
            format!("leaks {} ({}) in {}", secret.label, secret.text, start_of(&answer.text(), 300))
        })
        .collect()
}

/// Returns an answer without what differs between any two requests: its id, the time, and echoes of the address asked.
fn neutral(ask: &Ask, answer: &Answer) -> String {
    let mut headers: Vec<String> = Vec::new();
    for (name, value) in &answer.headers {
        if !["request-id", "client-request-id", "date", "content-length"].contains(&name.as_str()) {
            headers.push(format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
        }
    }
    headers.sort();
    let mut text = match serde_json::from_slice::<Value>(&answer.body) {
        Ok(mut json) => {
            for part in ["date", "request-id", "client-request-id"] {
                for error in ["/error", "/responses/0/body/error"] {
                    if let Some(value) = json.pointer_mut(&format!("{error}/innerError/{part}")) {
                        *value = Value::Null;
                    }
                }
            }
            for part in ["timestamp", "trace_id", "correlation_id"] {
                if json.get(part).is_some() {
                    json[part] = Value::Null;
                }
            }
            if let Some(text) = json["error_description"].as_str().map(str::to_owned) {
                let said = text.split(" Trace ID:").next().unwrap_or_default();
                json["error_description"] = Value::from(said);
            }
            json.to_string()
        }
        Err(_) => answer.text(),
    };
    text = format!("{} {} {text}", answer.status, headers.join("; "));
    let encoded = serde_urlencoded::to_string([("x", &ask.target)]).expect("encodes");
    for echo in [ask.target.as_str(), encoded.trim_start_matches("x=")] {
        text = text.replace(echo, "<asked>");
    }
    text
}
