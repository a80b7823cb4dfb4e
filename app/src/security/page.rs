//! `/settings/security`: one's own password, second factor and sessions. Every form loads a new page: most of them change
//! the session itself.

use super::{
    BeginSecondFactor, ChangePassword, ConfirmSecondFactor, EndAllSessions, EndSession, RemoveSecondFactor,
    SecurityView, read_security, second_factor::SecondFactorCard, sessions::Sessions,
};
use crate::ui::{Field, Moment, NewPassword, Outcome, Skeleton, Trouble, When, at, refusal};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/settings/security?done=…`
#[component]
pub fn SecurityPage() -> impl IntoView {
    let error = refusal(&[
        ChangePassword::PATH,
        BeginSecondFactor::PATH,
        ConfirmSecondFactor::PATH,
        RemoveSecondFactor::PATH,
        EndSession::PATH,
        EndAllSessions::PATH,
    ]);
    let account = Resource::new(|| (), |()| read_security());
    view! {
        <Title text="Segurança" />
        <header class="page-head">
            <div>
                <h1>"Segurança"</h1>
                <p class="page-sub">"Só da sua conta: vale para todos os painéis de que você participa."</p>
            </div>
        </header>
        <Outcome error words />
        <Transition fallback=|| view! { <section class="card"><Skeleton rows=8 label="Carregando a sua conta" /></section> }>
            {move || Suspend::new(async move {
                match account.await {
                    Ok(account) => {
                        let SecurityView { email, password_changed, second_factor, second_factor_required, sessions } = account;
                        view! {
                            <div class="security">
                                <SecondFactorCard state=second_factor required=second_factor_required />
                                <Password email changed=password_changed />
                            </div>
                            <Sessions sessions />
                        }
                            .into_any()
                    }
                    Err(error) => view! { <section class="card"><Trouble error /></section> }.into_any(),
                }
            })}
        </Transition>
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "password" => "Senha trocada. Os seus outros aparelhos saíram da conta.",
        "second_factor" => "Verificação em duas etapas ativada. Os seus outros aparelhos saíram da conta.",
        "second_factor_off" => "Verificação em duas etapas desativada.",
        "session" => "Sessão encerrada.",
        _ => return None,
    })
}

#[component]
fn Password(email: String, changed: When) -> impl IntoView {
    let error = refusal(&[ChangePassword::PATH]);
    view! {
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title">"Senha"</h2>
            <p class="card-sub">"Trocada " <Moment when=changed /> ". Você entra com " <bdi>{email.clone()}</bdi> "."</p>
            <form method="post" action=ChangePassword::PATH>
                // For password managers: which account the password belongs to.
                <input type="text" autocomplete="username" value=email readonly hidden />
                <Field
                    id="current"
                    name="current"
                    label="Senha atual"
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    error=at(error, "current")
                />
                <NewPassword label="Senha nova" error=at(error, "password") />
                <div class="card-steps">
                    <button class="button primary" type="submit">"Trocar a senha"</button>
                </div>
            </form>
        </section>
    }
}
