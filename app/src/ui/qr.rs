//! A QR code, drawn by the server as one path.

use leptos::prelude::*;

/// Dark on white in either theme: cameras read nothing else.
#[component]
pub fn QrCode(
    /// The side in modules, quiet zone included.
    side: u32,
    /// The dark modules as SVG path data, in modules.
    path: String,
    /// What it is, for those who do not see it.
    label: &'static str,
) -> impl IntoView {
    view! {
        <svg class="qr" viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges" role="img" aria-label=label>
            <rect width=side.to_string() height=side.to_string() fill="#fff"></rect>
            <path d=path fill="#000"></path>
        </svg>
    }
}
