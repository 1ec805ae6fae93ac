//! Jobs: work that follows a change and was queued in its commit — mail, what a copied folder holds — and the server's own housekeeping.
//!
//! Entry points: [`Keeper`], which keeps the place of bytes in order, [`Hashing`], which makes the SHA-256 of what was stored, [`GovernanceKeeper`], which seals the audit trail and warns owners, and [`Worker`], with a [`Mailer`] that says where mails go: [`FolderMailer`] keeps them as files,
//! [`SmtpMailer`] sends them.
//!
//! Invariants: a job is claimed by one worker at a time; a job that fails comes back later, ever more slowly, until it
//! is given up; what is done twice after a crash carries the same name (a mail's file and `Message-ID` come from its
//! job), so it can be told apart from two; no address, link or text of a mail is ever logged.
//!
//! Deliberately unknown here: why a job was queued, HTTP.

mod clean_up;
mod folder_mailer;
mod governance_keeper;
mod hashing;
mod keeper;
mod letter;
mod mailer;
mod smtp_mailer;
mod worker;

pub use folder_mailer::FolderMailer;
pub use governance_keeper::GovernanceKeeper;
pub use hashing::Hashing;
pub use keeper::Keeper;
pub use letter::{Letter, Sender, UnusableMail};
pub use mailer::{MailError, Mailer};
pub use smtp_mailer::SmtpMailer;
pub use worker::Worker;
