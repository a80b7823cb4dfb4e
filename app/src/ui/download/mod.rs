//! A file to take away: a plain link without script; with it the page fetches the file itself, says how far it is, lets
//! the person cancel, and says at the end how many rows there are. A file that breaks off is not kept as if it were whole.

mod count;
#[cfg(target_arch = "wasm32")]
mod fetch;

use crate::tr;
use futures::future::AbortHandle;
use leptos::{ev, prelude::*};

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only a browser fetches files"))]
enum Way {
    /// Not asked for.
    Idle,
    /// Coming in.
    Coming {
        /// Rows that came.
        rows: u32,
        /// About how many there are, where the server knows.
        about: Option<u32>,
    },
    /// Whole, and handed to the browser.
    Done(u32),
    /// The person stopped it.
    Cancelled,
    /// It could not be had, and why.
    Failed(String),
}

/// The link, and what becomes of it.
#[component]
pub fn Download(
    /// The file's address.
    #[prop(into)]
    href: String,
    /// What the link says.
    label: &'static str,
) -> impl IntoView {
    let way = RwSignal::new(Way::Idle);
    let stop = StoredValue::new(None::<AbortHandle>);
    let end = move || {
        if let Some(handle) = stop.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    };
    on_cleanup(end);
    let cancel = move |_| {
        end();
        way.set(Way::Cancelled);
    };
    let file = StoredValue::new(href.clone());
    let start = move |event: ev::MouseEvent| {
        // Into a new tab or window: the browser's own business.
        if event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
            return;
        }
        event.prevent_default();
        if !matches!(way.get_untracked(), Way::Coming { .. }) {
            way.set(Way::Coming { rows: 0, about: None });
            begin(file.get_value(), way, stop);
        }
    };
    view! {
        <span class="download">
            // External: a file, not a page of the application.
            <a class="button" href=href download rel="external" on:click=start>{label}</a>
            {move || match way.get() {
                Way::Coming { rows, about } => Some(view! { <Bar rows about cancel /> }),
                _ => None,
            }}
            <span class="download-end" role="status">{move || last_word(&way.get())}</span>
        </span>
    }
}

#[component]
fn Bar(rows: u32, about: Option<u32>, cancel: impl Fn(ev::MouseEvent) + 'static) -> impl IntoView {
    let words = match (about, rows) {
        (Some(about), _) if about > rows => {
            let (rows, about) = (grouped(rows), grouped(about));
            tr!(format!("{rows} de cerca de {about} linhas"), format!("{rows} of about {about} rows"))
        }
        (_, 1) => tr!("1 linha", "1 row").to_owned(),
        _ => {
            let rows = grouped(rows);
            tr!(format!("{rows} linhas"), format!("{rows} rows"))
        }
    };
    let (value, max) = (about.map(|about| rows.min(about)), about.map(|about| about.max(1)));
    view! {
        <progress aria-label=tr!("Arquivo a caminho", "File on its way") value=value max=max></progress>
        <span class="soft number">{words}</span>
        <button class="button" type="button" on:click=cancel>{tr!("Cancelar", "Cancel")}</button>
    }
}

fn last_word(way: &Way) -> Option<String> {
    match way {
        Way::Idle | Way::Coming { .. } => None,
        Way::Done(0) => Some(tr!("Baixado: nenhuma linha.", "Downloaded: no rows.").to_owned()),
        Way::Done(1) => Some(tr!("Baixado: 1 linha.", "Downloaded: 1 row.").to_owned()),
        Way::Done(rows) => {
            let rows = grouped(*rows);
            Some(tr!(format!("Baixado: {rows} linhas."), format!("Downloaded: {rows} rows.")))
        }
        Way::Cancelled => Some(tr!("Cancelado: nada foi guardado.", "Cancelled: nothing was saved.").to_owned()),
        Way::Failed(why) => Some(why.clone()),
    }
}

/// Fetches in the background; only a browser does.
fn begin(href: String, way: RwSignal<Way>, stop: StoredValue<Option<AbortHandle>>) {
    #[cfg(target_arch = "wasm32")]
    {
        let (handle, registration) = AbortHandle::new_pair();
        stop.set_value(Some(handle));
        let work = async move {
            let tell = move |rows, about| way.set(Way::Coming { rows, about });
            way.set(fetch::fetch(&href, tell).await.map_or_else(Way::Failed, Way::Done));
        };
        leptos::task::spawn_local(async move {
            // Cancelled: whoever did that has said so.
            let _ = futures::future::Abortable::new(work, registration).await;
        });
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (href, way, stop);
}

/// "48.213", in English "48,213".
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(tr!('.', ','));
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1.000"), (48_213, "48.213"), (1_200_300, "1.200.300")] {
            assert_eq!(grouped(number), text);
        }
    }
}
