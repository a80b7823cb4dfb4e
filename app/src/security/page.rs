//! `/settings/security`: one's own password, second factor and sessions. Every form loads a new page: most of them change
//! the session itself.

use super::{
    BeginSecondFactor, ChangePassword, ConfirmSecondFactor, EndAllSessions, EndSession, RemoveSecondFactor,
    SecurityView, read_security, second_factor::SecondFactorCard, sessions::Sessions,
};
use crate::{
    tr,
    ui::{Field, Moment, NewPassword, Outcome, PageHead, Skeleton, SkeletonCard, When, at, or_trouble, refusal},
};
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
        <Title text=tr!("Segurança", "Security") />
        <PageHead
            title=tr!("Segurança", "Security")
            sub=tr!(
                "Só da sua conta: vale para todos os painéis de que você participa.",
                "For your account only: it applies to every dashboard you belong to.",
            )
        />
        <Outcome error words />
        <Transition fallback=|| {
            view! {
                <div class="security">
                    <section class="card">
                        <Skeleton rows=3 label=tr!("Carregando a sua conta", "Loading your account") />
                    </section>
                    <SkeletonCard rows=5 />
                </div>
                <SkeletonCard rows=3 class="part" />
            }
        }>
            {move || Suspend::new(async move {
                or_trouble(account.await, |account| {
                    let SecurityView { email, password_changed, second_factor, second_factor_required, sessions } = account;
                    view! {
                        <div class="security">
                            <SecondFactorCard state=second_factor required=second_factor_required />
                            <Password email changed=password_changed />
                        </div>
                        <Sessions sessions />
                    }
                })
            })}
        </Transition>
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "password" => tr!(
            "Senha trocada. Os seus outros aparelhos saíram da conta.",
            "Password changed. Your other devices have been signed out.",
        ),
        "second_factor" => tr!(
            "Verificação em duas etapas ativada. Os seus outros aparelhos saíram da conta.",
            "Two-step verification is on. Your other devices have been signed out.",
        ),
        "second_factor_off" => tr!("Verificação em duas etapas desativada.", "Two-step verification is off."),
        "session" => tr!("Sessão encerrada.", "Session ended."),
        _ => return None,
    })
}

#[component]
fn Password(email: String, changed: When) -> impl IntoView {
    let error = refusal(&[ChangePassword::PATH]);
    view! {
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title">{tr!("Senha", "Password")}</h2>
            <p class="card-sub">
                {tr!("Trocada ", "Changed ")} <Moment when=changed /> {tr!(". Você entra com ", ". You sign in with ")}
                <bdi>{email.clone()}</bdi> "."
            </p>
            <form method="post" action=ChangePassword::PATH>
                // For password managers: which account the password belongs to.
                <input type="text" autocomplete="username" value=email readonly hidden />
                <Field
                    id="current"
                    name="current"
                    label=tr!("Senha atual", "Current password")
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    error=at(error, "current")
                />
                <NewPassword label=tr!("Senha nova", "New password") error=at(error, "password") />
                <div class="card-steps">
                    <button class="button primary" type="submit">{tr!("Trocar a senha", "Change password")}</button>
                </div>
            </form>
        </section>
    }
}
