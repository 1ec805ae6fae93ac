//! Jobs on a real SQLite file, with a mail folder and with a mail server that speaks SMTP on a socket.

mod folder;
mod queue;
mod smtp;
mod smtp_server;
