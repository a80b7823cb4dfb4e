//! The colour of a tenant in the frame: a small closed list, so that each passes contrast in light and in dark
//! (`style/hue.css`). It only helps to see at once where one is: the name always stands beside it.

use crate::tr;
use serde::{Deserialize, Serialize};

/// A tenant's colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hue {
    /// The product's own.
    Teal,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Pink.
    Pink,
    /// Red.
    Red,
    /// Ochre.
    Amber,
    /// Green.
    Green,
    /// Grey-blue.
    Slate,
}

impl Hue {
    /// Every colour. The order is part of what [`Hue::of_slug`] gives: new ones go to the end.
    pub const ALL: [Self; 8] =
        [Self::Teal, Self::Blue, Self::Violet, Self::Pink, Self::Red, Self::Amber, Self::Green, Self::Slate];

    /// The word in the store and in `data-hue`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Violet => "violet",
            Self::Pink => "pink",
            Self::Red => "red",
            Self::Amber => "amber",
            Self::Green => "green",
            Self::Slate => "slate",
        }
    }

    /// Reads the word of [`Hue::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hue| hue.as_str() == word)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Teal => tr!("Petróleo", "Teal"),
            Self::Blue => tr!("Azul", "Blue"),
            Self::Violet => tr!("Violeta", "Violet"),
            Self::Pink => tr!("Rosa", "Pink"),
            Self::Red => tr!("Vermelho", "Red"),
            Self::Amber => tr!("Ocre", "Ochre"),
            Self::Green => tr!("Verde", "Green"),
            Self::Slate => tr!("Ardósia", "Slate"),
        }
    }

    /// The colour of a tenant for which none was chosen: always the same one for the same short name.
    pub fn of_slug(slug: &str) -> Self {
        // FNV-1a: spreads names that differ in one letter.
        let hash = slug.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        Self::ALL[(hash ^ (hash >> 16)) as usize % Self::ALL.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_it_is_written() {
        for hue in Hue::ALL {
            assert_eq!(Hue::parse(hue.as_str()), Some(hue));
            assert_eq!(serde_json::to_string(&hue).ok(), Some(format!("\"{}\"", hue.as_str())));
        }
        assert_eq!(Hue::parse("Teal"), None);
    }

    #[test]
    fn slugs_spread_over_all_colours_and_keep_theirs() {
        assert_eq!(Hue::of_slug("clinica-aurora"), Hue::of_slug("clinica-aurora"));
        let counts =
            Hue::ALL.map(|hue| (0..800).filter(|number| Hue::of_slug(&format!("cliente-{number:03}")) == hue).count());
        assert!(counts.into_iter().all(|count| count > 50), "{counts:?}");
    }
}
