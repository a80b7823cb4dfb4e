//! The second factor: off, being set up, or on.

use super::{BeginSecondFactor, ConfirmSecondFactor, Enrolment, RemoveSecondFactor, SecondFactor};
use crate::{
    tr,
    ui::{Field, Moment, QrCode, Status, StatusBadge, Tone, When, at, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The card with whatever is the next step.
#[component]
pub(super) fn SecondFactorCard(
    /// Where it stands.
    state: SecondFactor,
    /// Whether a tenant or the agency demands one.
    required: bool,
) -> impl IntoView {
    let (tone, word) = match &state {
        SecondFactor::Off if required => (Tone::Bad, tr!("falta ativar", "needs turning on")),
        SecondFactor::Off => (Tone::Quiet, tr!("desativada", "off")),
        SecondFactor::Enrolling(_) => (Tone::Warn, tr!("falta confirmar", "needs confirming")),
        SecondFactor::On { .. } => (Tone::Ok, tr!("ativa", "on")),
    };
    let body = match state {
        SecondFactor::Off => view! { <Off required /> }.into_any(),
        SecondFactor::Enrolling(enrolment) => view! { <Enrolling enrolment /> }.into_any(),
        SecondFactor::On { since, recovery_left } => view! { <On since recovery_left required /> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="second-factor-title">
            <header class="card-head">
                <div>
                    <h2 id="second-factor-title">{tr!("Verificação em duas etapas", "Two-step verification")}</h2>
                    <p class="card-sub">
                        {tr!(
                            "Além da senha, um código do seu celular.",
                            "Besides the password, a code from your phone.",
                        )}
                    </p>
                </div>
                <StatusBadge status=Status { tone, label: word.to_owned() } />
            </header>
            {body}
        </section>
    }
}

#[component]
fn Off(required: bool) -> impl IntoView {
    view! {
        <p class="factor-words">
            {if required {
                tr!(
                    "Aqui ela é exigida: sem ela nada mais se abre. Leva um minuto, com um aplicativo autenticador no \
                     celular.",
                    "It is required here: nothing else opens without it. It takes a minute, with an authenticator app \
                     on your phone.",
                )
            } else {
                tr!(
                    "Com ela, uma senha descoberta não basta para entrar. Leva um minuto, com um aplicativo \
                     autenticador no celular.",
                    "With it, a leaked password is not enough to sign in. It takes a minute, with an authenticator app \
                     on your phone.",
                )
            }}
        </p>
        <form method="post" action=BeginSecondFactor::PATH>
            <CurrentPassword path=&[BeginSecondFactor::PATH] />
            <div class="card-steps">
                <button class="button primary" type="submit">{tr!("Começar", "Start")}</button>
            </div>
        </form>
    }
}

#[component]
fn Enrolling(enrolment: Enrolment) -> impl IntoView {
    let error = refusal(&[ConfirmSecondFactor::PATH]);
    let Enrolment { qr_side, qr_path, secret, recovery } = enrolment;
    view! {
        <ol class="factor-steps">
            <li>
                <h3>
                    {tr!("Leia o código com o aplicativo autenticador", "Scan the code with your authenticator app")}
                </h3>
                <QrCode
                    side=qr_side
                    path=qr_path
                    label=tr!(
                        "Código QR para o aplicativo autenticador; o mesmo segredo está escrito abaixo.",
                        "QR code for the authenticator app; the same secret is written below.",
                    )
                />
                <p class="soft">
                    {tr!(
                        "Não dá para ler? Digite este segredo no aplicativo:",
                        "Cannot scan it? Type this secret into the app:",
                    )}
                </p>
                <p class="secret" translate="no">{secret}</p>
            </li>
            <li>
                <h3>{tr!("Guarde agora os códigos de recuperação", "Save the recovery codes now")}</h3>
                <p class="soft">
                    {tr!(
                        "Se perder o celular, cada um deles abre a conta uma vez. Não aparecem de novo.",
                        "If you lose your phone, each of them opens the account once. They are not shown again.",
                    )}
                </p>
                <ul class="recovery" translate="no" aria-label=tr!("Códigos de recuperação", "Recovery codes")>
                    {recovery.into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}
                </ul>
            </li>
            <li>
                <h3>
                    {tr!("Confirme com o código que o aplicativo mostra", "Confirm with the code that the app shows")}
                </h3>
                <form method="post" action=ConfirmSecondFactor::PATH>
                    <Field
                        id="code"
                        name="code"
                        label=tr!("Código de 6 números", "6-digit code")
                        keyboard="numeric"
                        autocomplete="one-time-code"
                        required=true
                        error=at(error, "code")
                    />
                    <div class="card-steps">
                        <button class="button primary" type="submit">{tr!("Ativar", "Turn on")}</button>
                    </div>
                </form>
            </li>
        </ol>
    }
}

#[component]
fn On(since: When, recovery_left: u32, required: bool) -> impl IntoView {
    let left = match recovery_left {
        0 => tr!(
            "Nenhum código de recuperação sobrou: desative e ative de novo para ter outros dez.",
            "No recovery codes are left: turn it off and on again to get another ten."
        )
        .to_owned(),
        1 => tr!("Resta 1 código de recuperação.", "1 recovery code is left.").to_owned(),
        many => tr!(format!("Restam {many} códigos de recuperação."), format!("{many} recovery codes are left.")),
    };
    view! {
        <p class="factor-words">{tr!("Ativa desde ", "On since ")} <Moment when=since /> ". " {left}</p>
        {if required {
            view! {
                <p class="soft">
                    {tr!(
                        "Aqui ela é exigida, por isso não pode ser desativada.",
                        "It is required here, so it cannot be turned off.",
                    )}
                </p>
            }
                .into_any()
        } else {
            view! {
                <details class="remove">
                    <summary>{tr!("Desativar…", "Turn off…")}</summary>
                    <form method="post" action=RemoveSecondFactor::PATH>
                        <p class="soft">
                            {tr!(
                                "Só a senha volta a bastar, e os seus outros aparelhos saem da conta.",
                                "The password alone will be enough again, and your other devices are signed out.",
                            )}
                        </p>
                        <CurrentPassword path=&[RemoveSecondFactor::PATH] />
                        <button class="button danger" type="submit">
                            {tr!("Desativar mesmo assim", "Turn off anyway")}
                        </button>
                    </form>
                </details>
            }
                .into_any()
        }}
    }
}

/// Whoever finds an open session must not change the second factor.
#[component]
fn CurrentPassword(path: &'static [&'static str]) -> impl IntoView {
    view! {
        <Field
            id="factor-current"
            name="current"
            label=tr!("Sua senha", "Your password")
            kind="password"
            autocomplete="current-password"
            required=true
            error=at(refusal(path), "current")
        />
    }
}
