//! Event stream: the lines of server-sent events, as far as hints need them.

use bytes::Bytes;

/// Longest line kept; hints are short.
const LINE_LIMIT: usize = 16 * 1024;

/// Splits bytes into events and returns the `data` of each complete one.
#[derive(Debug, Default)]
pub(crate) struct EventParser {
    line: Vec<u8>,
    data: String,
}

impl EventParser {
    /// Takes the next bytes and returns the data of the events they completed. Comments (heartbeats) give nothing.
    pub(crate) fn push(&mut self, bytes: &Bytes) -> Vec<String> {
        let mut events = Vec::new();
        for byte in bytes {
            match byte {
                b'\n' => self.end_line(&mut events),
                b'\r' => {}
                _ if self.line.len() < LINE_LIMIT => self.line.push(*byte),
                _ => {}
            }
        }
        events
    }

    fn end_line(&mut self, events: &mut Vec<String>) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            if !self.data.is_empty() {
                events.push(std::mem::take(&mut self.data));
            }
        } else if let Some(data) = line.strip_prefix(b"data:")
            && self.data.len() < LINE_LIMIT
        {
            self.data.push_str(String::from_utf8_lossy(data).trim());
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::EventParser;

    #[test]
    fn events_survive_any_cut_and_heartbeats_say_nothing() {
        let text = b": heartbeat\r\n\r\nevent: hint\ndata: {\"drive\":\"a\"}\n\ndata: b\n\n";
        for size in 1..text.len() {
            let mut parser = EventParser::default();
            let events: Vec<String> =
                text.chunks(size).flat_map(|piece| parser.push(&Bytes::copy_from_slice(piece))).collect();
            assert_eq!(events, ["{\"drive\":\"a\"}", "b"]);
        }
    }
}
