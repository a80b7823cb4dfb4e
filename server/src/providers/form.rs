//! One card while it is checked: given and stored fields, refusals, and what will be set.
//!
//! The rules that hold for every provider stand here: unknown names, required fields, length. A provider's file only
//! says how each of its fields is read.

use app::{
    credentials::{Field, Provider},
    error::FieldError,
    tr,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::{borrow::Cow, collections::BTreeMap};

/// Why a field is refused: shown to the user, never contains the value.
pub(super) type Refusal = Cow<'static, str>;

/// The most bytes of one field.
const MAX_BYTES: usize = 4 * 1024;
/// The most characters of an unknown field's name that are repeated to the user.
const MAX_NAME: usize = 40;

/// One card's fields under check.
pub(super) struct Form<'a> {
    provider: Provider,
    given: BTreeMap<&'static str, &'a str>,
    stored: &'a BTreeMap<String, SecretString>,
    accepted: BTreeMap<&'static str, SecretString>,
    refused: Vec<FieldError>,
}

impl<'a> Form<'a> {
    /// Sorts the input and applies what holds for every provider.
    pub(super) fn new(
        provider: Provider,
        input: &'a BTreeMap<String, String>,
        stored: &'a BTreeMap<String, SecretString>,
    ) -> Self {
        let mut form =
            Self { provider, given: BTreeMap::new(), stored, accepted: BTreeMap::new(), refused: Vec::new() };
        for (name, value) in input {
            let value = value.trim();
            let Some(field) = provider.field(name) else {
                let name: String = name.chars().take(MAX_NAME).collect();
                let message = tr!(
                    "Este campo não existe aqui. Recarregue a página.",
                    "This field does not exist here. Reload the page.",
                );
                form.refused.push(FieldError::new(name, message));
                continue;
            };
            if value.len() > MAX_BYTES {
                let message = tr!(
                    "É longo demais: cole só o valor deste campo.",
                    "It is too long: paste only the value of this field.",
                );
                form.refuse(field.name, message);
            } else if !value.is_empty() {
                form.given.insert(field.name, value);
            }
        }
        for Field { name, optional, .. } in provider.fields() {
            if !optional && form.given(name).is_none() && form.stored(name).is_none() {
                form.refuse(name, tr!("Preencha este campo.", "Fill in this field."));
            }
        }
        form
    }

    /// What was typed in a field, trimmed; `None` when it was left blank.
    pub(super) fn given(&self, name: &str) -> Option<&'a str> {
        self.given.get(name).copied()
    }

    /// What is stored in a field.
    pub(super) fn stored(&self, name: &str) -> Option<&'a str> {
        self.stored.get(name).map(|secret| secret.expose_secret())
    }

    /// What the field will hold if all goes well: what was accepted, or else what is stored and was not typed over.
    pub(super) fn outcome(&self, name: &str) -> Option<&str> {
        match self.given(name) {
            Some(_) => self.accepted.get(name).map(|secret| secret.expose_secret()),
            None => self.stored(name),
        }
    }

    /// Refuses a field. Only the first refusal of a field is kept: one thing to mend at a time.
    pub(super) fn refuse(&mut self, name: &'static str, message: impl Into<Refusal>) {
        self.accepted.remove(name);
        if self.refused.iter().all(|error| error.field != name) {
            self.refused.push(FieldError::new(name, message.into()));
        }
    }

    /// Reads a field, if it was typed: accepts the normalised value, or refuses.
    pub(super) fn read<T: Into<String>>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&'a str) -> Result<T, Refusal>,
    ) {
        match self.given(name).map(read) {
            None => {}
            Some(Ok(value)) => {
                self.accepted.insert(name, SecretString::from(value.into()));
            }
            Some(Err(message)) => self.refuse(name, message),
        }
    }

    /// All accepted fields, or all refusals in the order of the form, unknown names last.
    pub(super) fn finish(self) -> Result<BTreeMap<&'static str, SecretString>, Vec<FieldError>> {
        let (accepted, refused) = self.split();
        if refused.is_empty() { Ok(accepted) } else { Err(refused) }
    }

    /// The accepted fields, and all refusals in the order of the form, unknown names last.
    pub(super) fn split(mut self) -> (BTreeMap<&'static str, SecretString>, Vec<FieldError>) {
        let fields = self.provider.fields();
        self.refused.sort_by_key(|error| fields.iter().position(|f| f.name == error.field).unwrap_or(fields.len()));
        (self.accepted, self.refused)
    }
}
