//! The second step of signing in: a code of the authenticator, or one of the recovery codes.

use super::{LogInCode, own_path};
use crate::ui::{Entrance, Field, Outcome, never, refusal};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

/// `/login/code?next=…&recovery=1`. The field takes either code; `recovery` only asks a phone for letters too.
#[component]
pub fn CodePage() -> impl IntoView {
    let query = use_query_map();
    let next = query.with_untracked(|query| own_path(&query.get("next").unwrap_or_default()).to_owned());
    let recovery = query.with_untracked(|query| query.get_str("recovery").is_some());
    let (lead, label, hint, keyboard) = if recovery {
        ("Cada código de recuperação vale uma vez.", "Código de recuperação", "Um dos dez que você guardou.", "text")
    } else {
        (
            "Abra o aplicativo autenticador e digite o código de agora.",
            "Código de 6 números",
            "Um código de recuperação também serve.",
            "numeric",
        )
    };
    let (other, words) = other_way(&next, recovery);
    view! {
        <Title text="Código" />
        <Entrance title="Falta o código">
            <p class="lead">{lead}</p>
            <Outcome error=refusal(&[LogInCode::PATH]) words=|_| None />
            <form method="post" action=LogInCode::PATH>
                <input type="hidden" name="next" value=next />
                <Field id="code" name="code" label hint autocomplete="one-time-code" keyboard required=true error=never() />
                <button class="button primary wide" type="submit">"Entrar"</button>
            </form>
            // A new page: the form is another one.
            <p class="way"><a href=other rel="external">{words}</a></p>
            <p class="way"><a href="/login" rel="external">"Voltar"</a></p>
        </Entrance>
    }
}

/// The address and the words of the same page for the other kind of code.
fn other_way(next: &str, recovery: bool) -> (String, &'static str) {
    let mut query = ParamsMap::new();
    if next != "/" {
        query.insert("next", next.to_owned());
    }
    if recovery {
        return (format!("/login/code{}", query.to_query_string()), "Usar o aplicativo autenticador");
    }
    query.insert("recovery", "1".to_owned());
    (format!("/login/code{}", query.to_query_string()), "Usar um código de recuperação")
}
