//! Keys for people who work without a mouse: the way to the search, to the pages, from row to row, and a dialog that lists
//! them. They are single letters, so whoever does not want them turns them off there (WCAG 2.1.4); the choice is kept in a
//! cookie, as the colours are. Without script there are none, and nothing that offers them.

use super::{KeysChoice, SetKeys};
use crate::{
    tr,
    ui::{Icon, Shape, here},
};
use leptos::{prelude::*, server_fn::ServerFn, wasm_bindgen::JsCast, web_sys};

/// The dialog's id.
const DIALOG: &str = "keys";

/// What the keys do, as the dialog lists it.
fn listed() -> [(&'static [&'static str], &'static str); 8] {
    [
        (&["/"], tr!("Procurar nesta página", "Search this page")),
        (&["j"], tr!("Próxima linha da lista", "Next row of the list")),
        (&["k"], tr!("Linha anterior", "Previous row")),
        (&["Enter"], tr!("Abrir a linha", "Open the row")),
        (&["g", "i"], tr!("Ir para o início", "Go to Home")),
        (&["g", "c"], tr!("Ir para as conversas", "Go to the conversations")),
        (&["g", "a"], tr!("Ir para a agenda", "Go to the appointments")),
        (&["?"], tr!("Mostrar estas teclas", "Show these shortcuts")),
    ]
}

/// The dialog, closed until it is asked for; and what listens, once the application runs.
#[component]
pub(super) fn Keys(
    /// Whether single letters do anything.
    choice: KeysChoice,
) -> impl IntoView {
    #[cfg(target_arch = "wasm32")]
    if choice == KeysChoice::On {
        Effect::new(|_| listen::listen());
    }
    let rows = listed().map(|(keys, what)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! { <div><dt>{keys}</dt><dd>{what}</dd></div> }
    });
    let (state, step, word) = match choice {
        KeysChoice::On => (
            tr!("As teclas estão ligadas.", "The shortcuts are on."),
            tr!("Desligar as teclas", "Turn the shortcuts off"),
            KeysChoice::Off,
        ),
        KeysChoice::Off => (
            tr!("As teclas estão desligadas.", "The shortcuts are off."),
            tr!("Ligar as teclas", "Turn the shortcuts on"),
            KeysChoice::On,
        ),
    };
    view! {
        <dialog class="keys" id=DIALOG aria-labelledby="keys-title">
            <h2 id="keys-title">{tr!("Teclas", "Keyboard shortcuts")}</h2>
            <dl class="keys-list">{rows.into_iter().collect_view()}</dl>
            <p class="soft">
                {state}
                {tr!(" Elas nunca valem enquanto você digita.", " They do nothing while you are typing.")}
            </p>
            <div class="card-steps">
                <form method="dialog">
                    <button class="button primary" type="submit">{tr!("Fechar", "Close")}</button>
                </form>
                <form method="post" action=SetKeys::PATH>
                    <input type="hidden" name="next" value=here() />
                    <button class="button" type="submit" name="keys" value=word.as_str()>{step}</button>
                </form>
            </div>
        </dialog>
    }
    .into_any()
}

/// Opens the dialog; hidden where no script runs.
#[component]
pub(super) fn KeysButton() -> impl IntoView {
    view! {
        <button class="menu-entry plain scripted" type="button" aria-haspopup="dialog" on:click=|_| open()>
            <Icon shape=Shape::Keys />
            <span>{tr!("Teclas", "Shortcuts")}</span>
        </button>
    }
    .into_any()
}

/// The browser keeps the focus inside, closes it on Escape and gives the focus back.
fn open() {
    let dialog =
        document().get_element_by_id(DIALOG).and_then(|found| found.dyn_into::<web_sys::HtmlDialogElement>().ok());
    if let Some(dialog) = dialog {
        let _ = dialog.show_modal();
    }
}

/// What a key asks for.
#[cfg(any(test, target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// To the page's search.
    Search,
    /// To the next row, or the one before.
    Row { forward: bool },
    /// To a page of the menu.
    Go(&'static str),
    /// The first of two keys.
    Wait,
    /// The dialog.
    Help,
}

#[cfg(any(test, target_arch = "wasm32"))]
impl Wish {
    /// What `key` asks for, right after `g` or not.
    fn of(key: &str, after_g: bool) -> Option<Self> {
        match (after_g, key) {
            (true, "i") => Some(Self::Go("/")),
            (true, "c") => Some(Self::Go("/conversations")),
            (true, "a") => Some(Self::Go("/appointments")),
            (_, "/") => Some(Self::Search),
            (_, "j") => Some(Self::Row { forward: true }),
            (_, "k") => Some(Self::Row { forward: false }),
            (_, "g") => Some(Self::Wait),
            (_, "?") => Some(Self::Help),
            _ => None,
        }
    }
}

/// The row to go to among `rows`, from the one at hand: the ends are ends, and without one it begins at the first.
#[cfg(any(test, target_arch = "wasm32"))]
fn neighbour(at: Option<usize>, rows: usize, forward: bool) -> Option<usize> {
    let last = rows.checked_sub(1)?;
    Some(match (at, forward) {
        (None, _) => 0,
        (Some(at), true) => last.min(at + 1),
        (Some(at), false) => at.saturating_sub(1),
    })
}

/// The browser's side of it.
#[cfg(target_arch = "wasm32")]
mod listen {
    use super::{Wish, neighbour, open};
    use leptos::{
        ev,
        prelude::*,
        wasm_bindgen::JsCast,
        web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent},
    };
    use std::cell::Cell;

    /// How long `g` waits for the second key, in milliseconds.
    const PATIENCE: f64 = 1_500.0;

    /// Until the frame goes.
    pub(super) fn listen() {
        // When `g` was pressed; long ago at first.
        let asked = Cell::new(f64::NEG_INFINITY);
        let handle = window_event_listener(ev::keydown, move |event| {
            if busy(&event) {
                return;
            }
            let now = event.time_stamp();
            let after_g = now - asked.replace(f64::NEG_INFINITY) < PATIENCE;
            let Some(wish) = Wish::of(&event.key(), after_g) else { return };
            if wish == Wish::Wait {
                asked.set(now);
            }
            if follow(wish) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    }

    /// Whether the key is for something else: a shortcut of the browser's, a text that is being typed, an open dialog.
    fn busy(event: &KeyboardEvent) -> bool {
        let typing = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|target| target.matches("input, textarea, select, [contenteditable]").unwrap_or(false));
        // Compact Brazilian keyboards write "/" and "?" with AltGr, which some systems report as Ctrl and Alt.
        let written = event.get_modifier_state("AltGraph");
        let modified = event.meta_key() || (!written && (event.ctrl_key() || event.alt_key()));
        typing || modified || event.is_composing() || event.default_prevented() || find("dialog[open]").is_some()
    }

    /// Does it; says whether there was something to do.
    fn follow(wish: Wish) -> bool {
        match wish {
            Wish::Wait => true,
            Wish::Help => {
                open();
                true
            }
            Wish::Search => {
                let Some(field) = find("main [type=\"search\"]") else { return false };
                // A filter may be folded away around it.
                if let Ok(Some(folded)) = field.closest("details:not([open])") {
                    let _ = folded.set_attribute("open", "");
                }
                focus(&field);
                if let Ok(input) = field.dyn_into::<HtmlInputElement>() {
                    input.select();
                }
                true
            }
            // As if it were clicked in the menu: who may not open the page has no such entry.
            Wish::Go(path) => {
                let entry = find(&format!(".menu a[href=\"{path}\"]"));
                entry.and_then(|entry| entry.dyn_into::<HtmlElement>().ok()).is_some_and(|entry| {
                    entry.click();
                    true
                })
            }
            Wish::Row { forward } => go_to_row(forward),
        }
    }

    fn go_to_row(forward: bool) -> bool {
        let rows = rows();
        let active = document().active_element();
        let at = active.and_then(|active| rows.iter().position(|row| row.contains(Some(active.unchecked_ref()))));
        let Some(row) = neighbour(at, rows.len(), forward).and_then(|to| rows.get(to)) else { return false };
        // What the row leads to; a row that leads nowhere has the focus itself.
        match row.query_selector("a[href]") {
            Ok(Some(link)) if !row.matches("a").unwrap_or(false) => focus(&link),
            _ => focus(row),
        }
        true
    }

    /// The rows of the page's list, in their order.
    fn rows() -> Vec<Element> {
        let Ok(found) = document().query_selector_all("main [data-row]") else { return Vec::new() };
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<Element>().ok()).collect()
    }

    fn find(selector: &str) -> Option<Element> {
        document().query_selector(selector).ok().flatten()
    }

    fn focus(element: &Element) {
        if let Some(element) = element.dyn_ref::<HtmlElement>() {
            let _ = element.focus();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access, session::Permission};

    #[test]
    fn the_dialog_lists_what_the_keys_do() {
        for (keys, what) in listed() {
            match keys {
                // The browser's own.
                ["Enter"] => {}
                ["g", second] => assert!(matches!(Wish::of(second, true), Some(Wish::Go(_))), "{what}"),
                [key] => assert!(Wish::of(key, false).is_some_and(|wish| wish != Wish::Wait), "{what}"),
                _ => panic!("{keys:?}"),
            }
        }
        for key in ["i", "c", "a", "Enter", "J", "Tab"] {
            assert_eq!(Wish::of(key, false), None, "{key} alone");
        }
        assert_eq!(Wish::of("x", true), None);
        assert_eq!(
            Wish::of("j", true),
            Some(Wish::Row { forward: true }),
            "a second key that means nothing there is itself"
        );
    }

    #[test]
    fn the_pages_that_keys_lead_to_are_there() {
        for second in ["i", "c", "a"] {
            let Some(Wish::Go(path)) = Wish::of(second, true) else { panic!("{second}") };
            assert_eq!(access::need(path), Some(access::Need::Tenant(Permission::ReadContent)), "{path}");
        }
    }

    #[test]
    fn a_list_ends_at_its_ends() {
        for (at, rows, forward, to) in [
            (None, 0, true, None),
            (Some(3), 0, true, None),
            (None, 4, true, Some(0)),
            (None, 4, false, Some(0)),
            (Some(0), 4, true, Some(1)),
            (Some(3), 4, true, Some(3)),
            (Some(3), 4, false, Some(2)),
            (Some(0), 4, false, Some(0)),
        ] {
            assert_eq!(neighbour(at, rows, forward), to, "{at:?} of {rows}, forward {forward}");
        }
    }
}
