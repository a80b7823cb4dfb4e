//! The few icons of the frame, drawn with one stroke width. Always beside a word, so hidden from screen readers.

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
    /// Three dots: more entries.
    More,
    /// A door with an arrow: sign out.
    Leave,
}

/// One icon, 20 px, in the colour of the text.
#[component]
pub fn Icon(
    /// Which one.
    shape: Shape,
) -> impl IntoView {
    let path = match shape {
        Shape::Home => "M3 9.5 10 3.5l7 6V16a1 1 0 0 1-1 1h-3.5v-4.5h-5V17H4a1 1 0 0 1-1-1z",
        Shape::Chat => "M4 4h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H9l-4 3v-3H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z",
        Shape::Calendar => {
            "M4 5h12a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM3 9h14M7 3v4M13 3v4"
        }
        Shape::Plug => "M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3",
        Shape::People => {
            "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.5c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 3.8a3 3 0 0 1 0 5.4M15 12c1.8.7 3 2.3 3 4.5"
        }
        Shape::Sheet => "M5 3h10a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM7 7h6M7 10h6M7 13h3",
        Shape::Tiles => "M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z",
        Shape::Shield => "M10 2.5 16.5 5v4.5c0 4-2.7 6.6-6.5 8-3.8-1.4-6.5-4-6.5-8V5zM7.2 10l2 2 3.6-4",
        Shape::More => "M4.5 10h.01M10 10h.01M15.5 10h.01",
        Shape::Leave => "M12 4H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h7M9 10h8M14 7l3 3-3 3",
    };
    view! {
        <svg
            class="icon"
            viewBox="0 0 20 20"
            width="20"
            height="20"
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=path></path>
        </svg>
    }
}
