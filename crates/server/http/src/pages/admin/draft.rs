//! Draft: a form as it was typed, with what is wrong beside each field, and how two of them differ.

use std::collections::{BTreeMap, BTreeSet};

use model::{DomainList, DomainMode, DomainName};

use super::words::{DOMAIN_MODES, Word, word_of};

/// Fields as they were sent.
pub(super) type Typed = BTreeMap<String, String>;

/// A form as it was typed.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) typed: Typed,
    mistakes: BTreeMap<&'static str, String>,
}

/// A part of a form.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) intro: String,
    pub(super) fields: Vec<Field>,
}

/// A field with its label.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) input: Input,
    pub(super) mistake: Option<String>,
}

/// What is typed into a field.
pub(super) enum Input {
    /// One of a few.
    Choice(Vec<Choice>),
    /// A number of days.
    Days(String),
    /// One entry a line.
    Lines(String),
}

/// One of a few.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) label: &'static str,
    pub(super) about: &'static str,
    pub(super) chosen: bool,
}

/// A setting that becomes another.
pub(super) struct Change {
    pub(super) what: String,
    pub(super) from: String,
    pub(super) to: String,
}

impl Draft {
    /// Starts from what was sent.
    pub(super) fn of(typed: Typed) -> Self {
        Self { typed, mistakes: BTreeMap::new() }
    }

    /// Writes a value, as it is stored, into a field.
    pub(super) fn put(&mut self, name: &'static str, value: impl Into<String>) {
        self.typed.insert(name.to_owned(), value.into());
    }

    /// Writes a choice into a field.
    pub(super) fn put_word<T: PartialEq>(
        &mut self,
        name: &'static str,
        words: &'static [Word<T>],
        value: &T,
    ) {
        self.put(name, word_of(words, value).value);
    }

    /// Writes a list of domains into its two fields.
    pub(super) fn put_domains(&mut self, mode: DomainMode, domains: &BTreeSet<DomainName>) {
        self.put_word("domain-mode", &DOMAIN_MODES, &mode);
        let lines: Vec<&str> = domains.iter().map(DomainName::as_str).collect();
        self.put("domains", lines.join("\n"));
    }

    /// Notes what is wrong with a field; the first thing said stays.
    pub(super) fn wrong(&mut self, name: &'static str, text: impl Into<String>) {
        self.mistakes.entry(name).or_insert_with(|| text.into());
    }

    /// Returns whether nothing is wrong so far.
    pub(super) fn is_fine(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// Returns what stands in a field.
    pub(super) fn text(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", String::as_str)
    }

    /// Reads a choice.
    pub(super) fn choice<T: Copy>(&mut self, name: &'static str, words: &'static [Word<T>]) -> Option<T> {
        let found = words.iter().find(|word| word.value == self.text(name)).map(|word| word.means);
        if found.is_none() {
            self.wrong(name, "Choose one of these.");
        }
        found
    }

    /// Reads a number of days.
    pub(super) fn days(&mut self, name: &'static str) -> Option<u16> {
        let days = self.text(name).trim().parse().ok();
        if days.is_none() {
            self.wrong(name, "Write a number of days; 0 means without end.");
        }
        days
    }

    /// Reads the entries of a field, one a line or separated by commas.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        let parts = self.text(name).split(['\n', '\r', ',', ';']).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// Reads the list of domains.
    pub(super) fn domains(&mut self) -> Option<DomainList> {
        let mode = self.choice("domain-mode", &DOMAIN_MODES)?;
        let mut domains = BTreeSet::new();
        for line in self.lines("domains") {
            match line.parse::<DomainName>() {
                Ok(domain) => _ = domains.insert(domain),
                Err(error) => self.wrong("domains", format!("“{line}” is no domain: {error}.")),
            }
        }
        if mode == DomainMode::Unrestricted && !domains.is_empty() {
            self.wrong("domains", "Say above what the list means, or empty it.");
        }
        if mode != DomainMode::Unrestricted && self.lines("domains").is_empty() {
            self.wrong("domains", "List at least one domain, or choose “Any domain”.");
        }
        self.is_fine().then_some(DomainList { mode, domains })
    }

    /// Builds a field of a few choices.
    pub(super) fn choice_field<T>(
        &self,
        name: &'static str,
        label: &'static str,
        hint: &'static str,
        words: &'static [Word<T>],
    ) -> Field {
        let choices = words.iter().map(|word| Choice {
            value: word.value,
            label: word.label,
            about: word.about,
            chosen: word.value == self.text(name),
        });
        self.field(name, label, hint, Input::Choice(choices.collect()))
    }

    /// Builds a field of days.
    pub(super) fn days_field(&self, name: &'static str, label: &'static str, hint: &'static str) -> Field {
        self.field(name, label, hint, Input::Days(self.text(name).to_owned()))
    }

    /// Builds a field of lines.
    pub(super) fn lines_field(&self, name: &'static str, label: &'static str, hint: &'static str) -> Field {
        self.field(name, label, hint, Input::Lines(self.text(name).to_owned()))
    }

    /// Builds the two fields of the list of domains.
    pub(super) fn domain_fields(&self, hint: &'static str) -> Vec<Field> {
        vec![
            self.choice_field("domain-mode", "Share with addresses of", "", &DOMAIN_MODES),
            self.lines_field("domains", "Domains, one a line", hint),
        ]
    }

    fn field(&self, name: &'static str, label: &'static str, hint: &'static str, input: Input) -> Field {
        Field { name, label, hint, input, mistake: self.mistakes.get(name).cloned() }
    }
}

/// Lists what is another value in the second of two forms.
pub(super) fn differences(before: &[Section], after: &[Section]) -> Vec<Change> {
    let fields = |sections: &'_ [Section]| -> Vec<(String, Entry)> {
        let each = |section: &Section, field: &Field| {
            (format!("{}: {}", section.title, field.label), Entry::of(&field.input))
        };
        sections
            .iter()
            .flat_map(|section| section.fields.iter().map(move |field| each(section, field)))
            .collect()
    };
    let changed = fields(before).into_iter().zip(fields(after)).filter(|((_, from), (_, to))| from != to);
    changed.map(|((what, from), (_, to))| Change { what, from: from.said(&to), to: to.said(&from) }).collect()
}

/// What stands in a field, as it is told.
#[derive(PartialEq, Eq)]
enum Entry {
    Text(String),
    List(BTreeSet<String>),
}

impl Entry {
    fn of(input: &Input) -> Self {
        match input {
            Input::Choice(choices) => {
                let chosen = choices.iter().find(|choice| choice.chosen);
                Self::Text(chosen.map_or_else(String::new, |choice| choice.label.to_owned()))
            }
            Input::Days(days) if days == "0" => Self::Text("Without end".to_owned()),
            Input::Days(days) => Self::Text(format!("{days} days")),
            Input::Lines(text) => {
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                Self::List(lines.map(str::to_owned).collect())
            }
        }
    }

    /// Says it, of a list how many and the first that the other does not have.
    fn said(&self, other: &Self) -> String {
        match (self, other) {
            (Self::Text(text), _) => text.clone(),
            (Self::List(list), Self::List(other)) => {
                let apart: Vec<&str> = list.difference(other).take(10).map(String::as_str).collect();
                match (list.len(), apart.is_empty()) {
                    (0, _) => "Nothing listed".to_owned(),
                    (count, true) => format!("{count} listed"),
                    (count, false) => format!("{count} listed, among them {}", apart.join(", ")),
                }
            }
            (Self::List(list), Self::Text(_)) => format!("{} listed", list.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, Section, differences};

    fn draft(mode: &str, domains: &str) -> Draft {
        let typed = [("domain-mode", mode), ("domains", domains)];
        Draft::of(typed.map(|(name, text)| (name.to_owned(), text.to_owned())).into())
    }

    #[test]
    fn lists_are_read_however_they_were_pasted_and_never_dropped_in_silence() {
        let mut fine = draft("allow", " Fabrikam.example,\r\nlitware.example ");
        let list = fine.domains().expect("a list");
        assert_eq!(
            list.domains.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["fabrikam.example", "litware.example"]
        );
        for (mode, domains) in [("none", "a.example"), ("allow", ""), ("block", "*.a.example"), ("x", "")] {
            let mut wrong = draft(mode, domains);
            assert!(wrong.domains().is_none() && !wrong.is_fine(), "{mode} {domains}");
            assert_eq!(wrong.text("domains"), domains, "what was typed stays");
        }
    }

    #[test]
    fn what_changes_is_told_with_both_values() {
        let sections = |draft: &Draft| {
            vec![Section { title: "Domains", intro: String::new(), fields: draft.domain_fields("") }]
        };
        let (before, after) = (draft("none", ""), draft("block", "a.example"));
        let changes = differences(&sections(&before), &sections(&after));
        let told: Vec<String> =
            changes.iter().map(|change| format!("{} > {}", change.from, change.to)).collect();
        assert_eq!(
            told,
            [
                "Any domain > All but the domains listed below",
                "Nothing listed > 1 listed, among them a.example"
            ]
        );
        assert!(differences(&sections(&before), &sections(&before)).is_empty());
    }
}
