//! The browser's entry point: turns the server's HTML into a running application. Nothing else belongs here.
#![recursion_limit = "512"]

use leptos::prelude::document;
use wasm_bindgen::JsCast;

/// Hydrates the page that the server rendered, once its part of the code is there. Without that part the page stays what
/// the server sent, and works as one without script.
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "split")]
    {
        let path = leptos::prelude::window().location().pathname().unwrap_or_default();
        if let Some(part) = app::parts::Part::of(&path)
            && part.load().await.is_err()
        {
            return;
        }
    }
    // The document around it has more than the application: the icons' drawings.
    let root = document().get_element_by_id(app::ROOT).expect("the shell has it");
    leptos::mount::hydrate_from(root.unchecked_into(), app::App).forget();
}
