//! The language: a button for each in a plain form. The server answers with the cookie and the page in that language,
//! with script and without.

use super::SetLanguage;
use crate::{
    lang::{Lang, lang},
    tr,
    ui::here,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The switch, for those who are in and those who are not yet.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let spoken = lang();
    let choices = Lang::ALL
        .into_iter()
        .map(|language| {
            view! {
                <button
                    type="submit"
                    name="language"
                    value=language.as_str()
                    lang=language.as_str()
                    aria-pressed=if language == spoken { "true" } else { "false" }
                >
                    {language.name()}
                </button>
            }
        })
        .collect_view();
    view! {
        <form class="switch" method="post" action=SetLanguage::PATH role="group" aria-label=tr!("Idioma", "Language")>
            <input type="hidden" name="next" value=here() />
            {choices}
        </form>
    }
    .into_any()
}
