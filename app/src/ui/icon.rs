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
