//! The browser's entry point: turns the server's HTML into a running application. Nothing else belongs here.
#![recursion_limit = "512"]

/// Hydrates the page that the server rendered.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
