//! Machine tokens as their page shows and makes them. A token itself is shown once, when it is made.

use crate::{
    tr,
    ui::{Status, When},
};
use serde::{Deserialize, Serialize};

/// The whole page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutomationView {
    /// Tokens, newest first, at most 100: withdrawn and expired ones too.
    pub tokens: Vec<MachineTokenView>,
    /// A token made by the request before this one; it is shown this once.
    pub fresh: Option<FreshToken>,
    /// What can be handed out, in the order of the connections' page.
    pub hand_out: Vec<HandOutView>,
    /// Whether making one asks for the caller's password.
    pub confirm_due: bool,
    /// Where the interface is: `https://painel.example/api/v1`.
    pub address: String,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineTokenView {
    /// Names it when it is withdrawn.
    pub id: String,
    /// What the tenant calls it.
    pub name: String,
    /// Its last four characters.
    pub last_four: String,
    /// What it may read, by the providers' names.
    pub providers: Vec<String>,
    /// Who made it; empty when their account is gone.
    pub by: String,
    /// When it was made.
    pub made: When,
    /// Until when it is good.
    pub expires: When,
    /// When it was used last.
    pub used: Option<When>,
    /// Live, expired or withdrawn.
    pub status: Status,
    /// Whether it can still be withdrawn.
    pub live: bool,
}

/// A token that was just made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshToken {
    /// What the tenant calls it.
    pub name: String,
    /// The token.
    pub token: String,
}

/// What a flow gets of one provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOutView {
    /// The provider's word, as it stands in the address and in the form.
    pub word: String,
    /// The provider's name.
    pub label: String,
    /// Names of the fields in the answer.
    pub fields: Vec<String>,
    /// Whether anything is stored for it.
    pub stored: bool,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What the tenant calls it.
    pub name: String,
    /// The words of the providers it may read.
    pub providers: Vec<String>,
    /// How long it is good.
    pub lifetime: Lifetime,
}

/// How long a token is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifetime {
    /// 30 days.
    Month,
    /// 90 days.
    Quarter,
    /// 365 days.
    Year,
}

impl Lifetime {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Month, Self::Quarter, Self::Year];

    /// The form's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The words in the form.
    pub fn label(self) -> &'static str {
        match self {
            Self::Month => tr!("30 dias", "30 days"),
            Self::Quarter => tr!("90 dias", "90 days"),
            Self::Year => tr!("1 ano", "1 year"),
        }
    }

    /// In days.
    pub fn days(self) -> i64 {
        match self {
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }
}
