//! Bad input: malformed and hostile requests get a typed, helpful error, and nothing is lost ("What it must show" 7).
