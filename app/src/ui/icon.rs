//! The few icons of the frame, drawn with one stroke width. They stand once in the document, as a sprite (`shell.rs`), and
//! are referred to from there: so no drawing is in the wasm. Always beside a word, so hidden from screen readers.

use leptos::prelude::*;

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A house: overview.
    Home,
    /// A speech bubble: conversations.
    Chat,
    /// A calendar sheet: appointments.
    Calendar,
    /// A plug: connections.
    Plug,
    /// Two heads: the team.
    People,
    /// A sheet with lines: the audit trail.
    Sheet,
    /// Four tiles: the agency's console.
    Tiles,
    /// A shield: one's own security.
    Shield,
    /// A keyboard: the keys there are.
    Keys,
    /// Three dots: more entries.
    More,
    /// A door with an arrow: sign out.
    Leave,
}

impl Shape {
    /// The address of its drawing in the sprite.
    fn href(self) -> &'static str {
        match self {
            Self::Home => "#i-home",
            Self::Chat => "#i-chat",
            Self::Calendar => "#i-calendar",
            Self::Plug => "#i-plug",
            Self::People => "#i-people",
            Self::Sheet => "#i-sheet",
            Self::Tiles => "#i-tiles",
            Self::Shield => "#i-shield",
            Self::Keys => "#i-keys",
            Self::More => "#i-more",
            Self::Leave => "#i-leave",
        }
    }
}

/// One icon, 20 px, in the colour of the text.
#[component]
pub fn Icon(
    /// Which one.
    shape: Shape,
) -> impl IntoView {
    view! {
        <svg class="icon" width="20" height="20" aria-hidden="true">
            <use href=shape.href()></use>
        </svg>
    }
}
