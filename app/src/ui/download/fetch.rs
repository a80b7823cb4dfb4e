//! Fetching a file in the browser piece by piece, and handing it to the person when it is whole.

use super::count::Rows;
use crate::tr;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, BlobPropertyBag, HtmlAnchorElement, ReadableStreamDefaultReader, RequestInit, Response, Url,
    js_sys::{Array, Reflect, Uint8Array},
};

fn broken_off() -> String {
    tr!(
        "O arquivo parou no meio e não foi guardado. Tente de novo.",
        "The file stopped halfway and was not saved. Try again."
    )
    .to_owned()
}

fn not_reached() -> String {
    tr!(
        "Não foi possível baixar. Verifique a sua internet e tente de novo.",
        "The download did not work. Check your internet connection and try again."
    )
    .to_owned()
}

fn signed_out() -> String {
    tr!(
        "A sua sessão terminou. Entre de novo e baixe outra vez.",
        "Your session has ended. Sign in again and download once more."
    )
    .to_owned()
}

/// Ends the request with whoever waits for it.
struct Ending(AbortController);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Fetches, telling rows and about how many there are, and saves under the name that the server gives.
///
/// # Errors
/// Why there is no file, for the person.
pub(super) async fn fetch(href: &str, mut tell: impl FnMut(u32, Option<u32>)) -> Result<u32, String> {
    let unreached = |_: JsValue| not_reached();
    let broken = |_: JsValue| broken_off();
    let ending = Ending(AbortController::new().map_err(unreached)?);
    let init = RequestInit::new();
    init.set_signal(Some(&ending.0.signal()));
    let answer = JsFuture::from(window().fetch_with_str_and_init(href, &init)).await.map_err(unreached)?;
    let answer: Response = answer.dyn_into().map_err(unreached)?;
    if answer.redirected() || answer.status() == 401 {
        return Err(signed_out());
    }
    if !answer.ok() {
        let text = JsFuture::from(answer.text().map_err(unreached)?).await.map_err(unreached)?;
        let words = text.as_string().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        return Err(words.unwrap_or_else(not_reached));
    }
    let header = |name: &str| answer.headers().get(name).ok().flatten();
    let about = header("painel-rows").and_then(|rows| rows.parse().ok());
    let name = header("content-disposition").and_then(|text| Some(text.split('"').nth(1)?.to_owned()));

    let reader = answer.body().ok_or_else(not_reached)?.get_reader();
    let reader: ReadableStreamDefaultReader = reader.unchecked_into();
    let (parts, mut rows) = (Array::new(), Rows::default());
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(broken)?;
        if Reflect::get(&piece, &"done".into()).map_err(broken)?.is_truthy() {
            break;
        }
        let bytes: Uint8Array = Reflect::get(&piece, &"value".into()).and_then(JsCast::dyn_into).map_err(broken)?;
        rows.take(&bytes.to_vec());
        parts.push(&bytes);
        tell(rows.count(), about);
    }
    save(&parts, name.as_deref().unwrap_or("painel.csv")).map_err(broken)?;
    Ok(rows.count())
}

/// As a browser saves what a link with `download` leads to.
fn save(parts: &Array, name: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/csv;charset=utf-8");
    let url = Url::create_object_url_with_blob(&Blob::new_with_u8_array_sequence_and_options(parts, &kind)?)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}
