//! Countries: writes the smallest database in the MaxMind format, one range of IPv4 addresses in one country.
//!
//! The format is MaxMind's DB file format 2.0: a search tree of 24-bit records, sixteen zero bytes, the data, and the
//! description behind its marker.

use std::net::Ipv4Addr;

/// Bytes of a node: two records.
const NODE: usize = 6;

/// Returns a database that knows the country of one range and of nothing else.
#[must_use]
pub fn database(network: Ipv4Addr, length: u8, letters: &str) -> Vec<u8> {
    let nodes = u32::from(length);
    let mut bytes = Vec::with_capacity(usize::from(length) * NODE);
    for depth in 0..length {
        let next = u32::from(depth) + 1;
        // Past the last node stand sixteen zero bytes, then the one record of data.
        let onward = if next == nodes { nodes + 16 } else { next };
        let one = network.to_bits() >> (31 - depth) & 1 == 1;
        let (left, right) = if one { (nodes, onward) } else { (onward, nodes) };
        for record in [left, right] {
            bytes.extend_from_slice(&record.to_be_bytes()[1..]);
        }
    }
    bytes.extend_from_slice(&[0; 16]);
    map(&mut bytes, 1);
    text(&mut bytes, "country");
    map(&mut bytes, 1);
    text(&mut bytes, "iso_code");
    text(&mut bytes, letters);
    bytes.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
    describe(&mut bytes, nodes);
    bytes
}

fn describe(bytes: &mut Vec<u8>, nodes: u32) {
    map(bytes, 9);
    text(bytes, "node_count");
    bytes.push(6 << 5 | 4);
    bytes.extend_from_slice(&nodes.to_be_bytes());
    for (name, value) in [
        ("record_size", 24),
        ("ip_version", 4),
        ("binary_format_major_version", 2),
        ("binary_format_minor_version", 0),
    ] {
        text(bytes, name);
        bytes.extend_from_slice(&[5 << 5 | 2, 0, value]);
    }
    text(bytes, "database_type");
    text(bytes, "Countries");
    text(bytes, "languages");
    bytes.extend_from_slice(&[0, 4]);
    text(bytes, "build_epoch");
    bytes.extend_from_slice(&[1, 2, 1]);
    text(bytes, "description");
    map(bytes, 0);
}

fn map(bytes: &mut Vec<u8>, pairs: u8) {
    bytes.push(7 << 5 | pairs);
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    let length = u8::try_from(text.len()).unwrap_or_default();
    // A length of 29 and more would need another byte.
    bytes.push(2 << 5 | length.min(28));
    bytes.extend_from_slice(text.as_bytes());
}
