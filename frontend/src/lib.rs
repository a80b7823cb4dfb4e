//! The browser's entry point: turns the server's HTML into a running application. Nothing else belongs here.
#![recursion_limit = "512"]

use leptos::prelude::document;
use wasm_bindgen::JsCast;

/// Hydrates the page that the server rendered.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // The document around it has more than the application: the icons' drawings.
    let root = document().get_element_by_id(app::ROOT).expect("the shell has it");
    leptos::mount::hydrate_from(root.unchecked_into(), app::App).forget();
}
