//! Letter: a mail request written out as a message, text and HTML. What a person wrote is quoted as theirs, and nothing
//! they wrote reaches a header unchecked.

use askama::Template;
use directory::mail::{MailKind, MailRequest};
use lettre::address::Envelope;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use model::{JobId, Timestamp};

/// Longest name or subject, in characters.
const NAME: usize = 120;
/// Longest quoted message, in characters.
const MESSAGE: usize = 4_000;

/// Who mails come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    address: Address,
}

/// A request that cannot become a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} of the mail cannot be used")]
pub struct UnusableMail(&'static str);

/// A mail ready to be sent. It has no `Debug` form, because its link may open something.
pub struct Letter {
    name: String,
    message: Message,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a> {
    facts: &'a Facts,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    facts: &'a Facts,
}

/// What both forms of a mail say.
struct Facts {
    heading: String,
    greeting: String,
    sentence: String,
    sharer: String,
    quoted: Vec<String>,
    /// What the server tells, a line each.
    lines: Vec<String>,
    link: String,
    button: &'static str,
    /// The code, in a mail that tells one.
    code: Option<String>,
    /// What else there is to know.
    advice: String,
}

impl Sender {
    /// Reads the address mails come from.
    ///
    /// # Errors
    /// [`UnusableMail`] when it is none.
    pub fn new(address: &str) -> Result<Self, UnusableMail> {
        Ok(Self { address: address.parse().map_err(|_| UnusableMail("the sender's address"))? })
    }
}

impl Letter {
    /// Writes a request out. The same job gives the same letter, but for its date.
    ///
    /// # Errors
    /// [`UnusableMail`] when the recipient is no address.
    pub fn write(
        job: JobId,
        request: &MailRequest,
        sender: &Sender,
        now: Timestamp,
    ) -> Result<Self, UnusableMail> {
        let recipient: Address = request.recipient.parse().map_err(|_| UnusableMail("the recipient"))?;
        let facts = Facts::of(request);
        let parts = MultiPart::alternative().boundary(format!("footbridge-{job}"));
        let body = parts
            .singlepart(SinglePart::plain(render(&Text { facts: &facts })?))
            .singlepart(SinglePart::html(render(&Html { facts: &facts })?));
        let name = recipient_name(request);
        let mut builder = Message::builder()
            .from(Mailbox::new(Some("Footbridge".to_owned()), sender.address.clone()))
            .to(Mailbox::new(name, recipient))
            .subject(facts.heading.clone())
            .date(std::time::SystemTime::from(now))
            .message_id(Some(format!("<{job}@{}>", sender.address.domain())));
        let reply_to = request.sharer_address.as_deref().and_then(|address| address.parse::<Address>().ok());
        if let Some(address) = reply_to {
            builder = builder.reply_to(Mailbox::new(Some(facts.sharer.clone()), address));
        }
        let message = builder.multipart(body).map_err(|_| UnusableMail("a header"))?;
        Ok(Self { name: job.to_string(), message })
    }

    /// Returns the letter's name: its job's id.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the message as it travels.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.message.formatted()
    }

    /// Returns from and to as the mail server needs them.
    #[must_use]
    pub fn envelope(&self) -> &Envelope {
        self.message.envelope()
    }
}

impl Facts {
    fn of(request: &MailRequest) -> Self {
        let sharer = one_line(&request.sharer_name);
        let organization = one_line(&request.organization);
        let item = request.item.as_deref().map(one_line).filter(|item| !item.is_empty());
        let (heading, sentence) = match (&item, request.kind) {
            (_, MailKind::Code) => (
                format!("Your code for {organization}"),
                format!("With this code you open what {sharer} from {organization} shared with you."),
            ),
            (item, MailKind::Welcome) => {
                let group = item.as_deref().unwrap_or("a group");
                (
                    format!("Welcome to “{group}”"),
                    format!("{sharer} from {organization} added you to the group “{group}”."),
                )
            }
            (item, kind) if is_for_owner(kind) => for_owner(kind, &sharer, &organization, item.as_deref()),
            (Some(item), _) => (
                format!("{sharer} shared “{item}” with you"),
                format!("{sharer} from {organization} shared “{item}” with you."),
            ),
            (None, MailKind::Invitation) => (
                format!("{sharer} invited you to {organization}"),
                format!("{sharer} invited you to work with {organization} as a guest."),
            ),
            (None, _) => (
                format!("{sharer} shared something with you"),
                format!("{sharer} from {organization} shared something with you."),
            ),
        };
        let greeting = recipient_name(request).map_or("Hello,".to_owned(), |name| format!("Hello {name},"));
        let button = match request.kind {
            MailKind::Invitation => "Accept invitation",
            MailKind::Share | MailKind::ShareByCode | MailKind::Welcome => "Open",
            MailKind::Code => "Enter it on this page",
            _ => "See who has access",
        };
        let advice = advice(request.kind, &sharer);
        let link = request.link.clone();
        if request.kind == MailKind::Code {
            let code = request.message.as_deref().map(one_line);
            return Self {
                heading,
                greeting,
                sentence,
                sharer,
                quoted: Vec::new(),
                lines: Vec::new(),
                link,
                button,
                code,
                advice,
            };
        }
        let said = request.message.as_deref().map(quoted).unwrap_or_default();
        let (quoted, lines) =
            if is_for_owner(request.kind) { (Vec::new(), said) } else { (said, Vec::new()) };
        Self { heading, greeting, sentence, sharer, quoted, lines, link, button, code: None, advice }
    }
}

const fn is_for_owner(kind: MailKind) -> bool {
    matches!(
        kind,
        MailKind::OwnerShared
            | MailKind::OwnerAccepted
            | MailKind::OwnerAnyoneLink
            | MailKind::OwnerAnyoneLinkChanged
            | MailKind::StaysEnding
    )
}

/// Says to an owner what happened: heading and sentence.
fn for_owner(kind: MailKind, by: &str, organization: &str, item: Option<&str>) -> (String, String) {
    let item = item.unwrap_or("something of yours");
    match kind {
        MailKind::OwnerAccepted => (
            format!("{by} accepted the invitation to “{item}”"),
            format!("{by}, who is not of {organization}, accepted the invitation and can open “{item}” now."),
        ),
        MailKind::OwnerAnyoneLink => (
            format!("{by} made a link for anyone to “{item}”"),
            format!("{by} made a link to “{item}” that opens without sign-in, for whoever has it."),
        ),
        MailKind::OwnerAnyoneLinkChanged => (
            format!("{by} changed a link for anyone to “{item}”"),
            format!("{by} changed a link to “{item}” that opens without sign-in."),
        ),
        MailKind::StaysEnding => (
            format!("Guests' access to “{item}” ends soon"),
            format!("These guests lose access to “{item}” of {organization} in two to three weeks."),
        ),
        _ => (
            format!("{by} shared “{item}” with people outside"),
            format!("{by} gave people outside {organization} access to “{item}”."),
        ),
    }
}

/// Says how the recipient comes in, and what to do when the mail is unwanted.
fn advice(kind: MailKind, sharer: &str) -> String {
    match kind {
        MailKind::Invitation | MailKind::Share | MailKind::Welcome => format!(
            "You sign in with the account of your own organization; no other password is needed. If you do not know \
             {sharer}, do nothing: without you, nothing happens. Footbridge never asks for a password by mail."
        ),
        MailKind::ShareByCode => format!(
            "The page sends a code to this address; with it you open the files in your browser. If you do not know \
             {sharer}, do nothing: without you, nothing happens. Footbridge never asks for a password by mail."
        ),
        MailKind::Code => {
            "The code works once, for 15 minutes. Give it to nobody: whoever asks you for it is not from \
                           Footbridge. If you did not ask for a code, do nothing."
                .to_owned()
        }
        MailKind::StaysEnding => {
            "You can give them another period on the site's page of access. They were not told.".to_owned()
        }
        _ => "You get this mail because you own it. If it should not be so, take the access away there."
            .to_owned(),
    }
}

/// Returns the recipient's name. Guests nobody has named yet carry their address as a name, which is none.
fn recipient_name(request: &MailRequest) -> Option<String> {
    let name = one_line(request.recipient_name.as_deref()?);
    (!name.is_empty() && !name.eq_ignore_ascii_case(&request.recipient)).then_some(name)
}

fn render(template: &impl Template) -> Result<String, UnusableMail> {
    template.render().map_err(|_| UnusableMail("the text"))
}

/// Makes one line of a text: nothing in it can begin another header.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME).collect()
}

/// Cuts a person's message into plain lines.
fn quoted(message: &str) -> Vec<String> {
    let short: String = message.chars().take(MESSAGE).collect();
    let plain = |line: &str| line.chars().filter(|c| !c.is_control()).collect::<String>();
    let lines: Vec<String> = short.trim().lines().map(plain).collect();
    if lines.iter().all(|line| line.trim().is_empty()) { Vec::new() } else { lines }
}
