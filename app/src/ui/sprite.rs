//! The drawings of all icons, once in the document: the server writes them, the browser refers to them (`icon.rs`).

use leptos::prelude::*;

/// Name and path of each drawing, in a square of 20.
const DRAWINGS: [(&str, &str); 11] = [
    ("i-home", "M3 9.5 10 3.5l7 6V16a1 1 0 0 1-1 1h-3.5v-4.5h-5V17H4a1 1 0 0 1-1-1z"),
    ("i-chat", "M4 4h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H9l-4 3v-3H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z"),
    ("i-calendar", "M4 5h12a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM3 9h14M7 3v4M13 3v4"),
    ("i-plug", "M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3"),
    (
        "i-people",
        "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.5c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 3.8a3 3 0 0 1 0 5.4M15 12c1.8.7 3 2.3 3 4.5",
    ),
    ("i-sheet", "M5 3h10a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM7 7h6M7 10h6M7 13h3"),
    ("i-tiles", "M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z"),
    ("i-shield", "M10 2.5 16.5 5v4.5c0 4-2.7 6.6-6.5 8-3.8-1.4-6.5-4-6.5-8V5zM7.2 10l2 2 3.6-4"),
    (
        "i-keys",
        "M3 5h14a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 12h7",
    ),
    ("i-more", "M4.5 10h.01M10 10h.01M15.5 10h.01"),
    ("i-leave", "M12 4H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h7M9 10h8M14 7l3 3-3 3"),
];

/// The sprite. It takes no room.
pub(crate) fn sprite() -> impl IntoView {
    let symbols = DRAWINGS
        .map(|(name, path)| {
            view! {
                <symbol
                    id=name
                    viewBox="0 0 20 20"
                    fill="none"
                    stroke="currentColor"
                    stroke-width="1.6"
                    stroke-linecap="round"
                    stroke-linejoin="round"
                >
                    <path d=path></path>
                </symbol>
            }
        })
        .into_iter()
        .collect_view();
    view! { <svg class="sprite" width="0" height="0" aria-hidden="true">{symbols}</svg> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Icon, Shape};

    #[test]
    fn every_icon_has_its_drawing_and_every_drawing_its_icon() {
        use Shape::{Calendar, Chat, Home, Keys, Leave, More, People, Plug, Sheet, Shield, Tiles};
        let icons = [Home, Chat, Calendar, Plug, People, Sheet, Tiles, Shield, Keys, More, Leave];
        Owner::new().with(|| {
            let sprite = sprite().to_html();
            for shape in icons {
                let icon = view! { <Icon shape /> }.to_html();
                let name = icon.split("href=\"#").nth(1).and_then(|rest| rest.split('"').next()).expect("a reference");
                assert!(sprite.contains(&format!("id=\"{name}\"")), "{shape:?}: {icon} in {sprite}");
                assert!(!icon.contains("<path"), "{icon}");
            }
            assert_eq!((sprite.matches("<symbol").count(), icons.len()), (DRAWINGS.len(), DRAWINGS.len()));
        });
    }
}
