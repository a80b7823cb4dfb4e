//! The second step of signing in: a code of the authenticator, or one of the recovery codes.

use super::{LanguageSwitch, LogInCode, own_path};
use crate::{
    tr,
    ui::{Entrance, Field, Outcome, address, never, refusal, use_query},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/login/code?next=…&recovery=1`. The field takes either code; `recovery` only asks a phone for letters too.
#[component]
pub fn CodePage() -> impl IntoView {
    let query = use_query();
    let next = query.with_untracked(|query| own_path(&query.get("next").unwrap_or_default()).to_owned());
    let recovery = query.with_untracked(|query| query.get_str("recovery").is_some());
    let (lead, label, hint, keyboard) = if recovery {
        (
            tr!("Cada código de recuperação vale uma vez.", "Each recovery code works once."),
            tr!("Código de recuperação", "Recovery code"),
            tr!("Um dos dez que você guardou.", "One of the ten that you saved."),
            "text",
        )
    } else {
        (
            tr!(
                "Abra o aplicativo autenticador e digite o código de agora.",
                "Open the authenticator app and type the current code."
            ),
            tr!("Código de 6 números", "6-digit code"),
            tr!("Um código de recuperação também serve.", "A recovery code works too."),
            "numeric",
        )
    };
    let (other, words) = other_way(&next, recovery);
    view! {
        <Title text=tr!("Código", "Code") />
        <Entrance title=tr!("Falta o código", "Now the code")>
            <p class="lead">{lead}</p>
            <Outcome error=refusal(&[LogInCode::PATH]) words=|_| None />
            <form method="post" action=LogInCode::PATH>
                <input type="hidden" name="next" value=next />
                <Field id="code" name="code" label hint autocomplete="one-time-code" keyboard required=true error=never() />
                <button class="button primary wide" type="submit">{tr!("Entrar", "Sign in")}</button>
            </form>
            // A new page: the form is another one.
            <p class="way"><a href=other rel="external">{words}</a></p>
            <p class="way"><a href="/login" rel="external">{tr!("Voltar", "Back")}</a></p>
            <LanguageSwitch />
        </Entrance>
    }
}

/// The address and the words of the same page for the other kind of code.
fn other_way(next: &str, recovery: bool) -> (String, &'static str) {
    let next = if next == "/" { "" } else { next };
    let (recovery, words) = if recovery {
        ("", tr!("Usar o aplicativo autenticador", "Use the authenticator app"))
    } else {
        ("1", tr!("Usar um código de recuperação", "Use a recovery code"))
    };
    (address("/login/code", &[("next", next), ("recovery", recovery)]), words)
}
