//! Jobs on a real SQLite file: copies, and mails with a mail folder and with a mail server that speaks SMTP on a socket.

mod copies;
mod folder;
mod queue;
mod smtp;
mod smtp_server;
