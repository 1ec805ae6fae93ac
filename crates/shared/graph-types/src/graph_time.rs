//! Graph time: a moment to the millisecond, as every client can read it (graph-surface.md J-1).

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, written with three digits of a second and `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GraphTime(pub Timestamp);

impl From<Timestamp> for GraphTime {
    fn from(time: Timestamp) -> Self {
        Self(time)
    }
}

impl Serialize for GraphTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl<'de> Deserialize<'de> for GraphTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Timestamp::from_str(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::GraphTime;

    #[test]
    fn times_have_three_digits_of_a_second() {
        for (text, expected) in [
            ("2026-01-02T03:04:05Z", "\"2026-01-02T03:04:05.000Z\""),
            ("2026-01-02T03:04:05.123456789Z", "\"2026-01-02T03:04:05.123Z\""),
        ] {
            let time = GraphTime(text.parse().expect("a time"));
            assert_eq!(serde_json::to_string(&time).expect("JSON"), expected);
        }
        let zoned: GraphTime = serde_json::from_str("\"2026-01-02T05:04:05+02:00\"").expect("reads");
        assert_eq!(zoned, GraphTime("2026-01-02T03:04:05Z".parse().expect("a time")));
    }
}
