//! The second factor: off, being set up, or on.

use super::{BeginSecondFactor, ConfirmSecondFactor, Enrolment, RemoveSecondFactor, SecondFactor};
use crate::ui::{Field, Moment, QrCode, Status, StatusBadge, Tone, When, at, refusal};
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
        SecondFactor::Off if required => (Tone::Bad, "falta ativar"),
        SecondFactor::Off => (Tone::Quiet, "desativada"),
        SecondFactor::Enrolling(_) => (Tone::Warn, "falta confirmar"),
        SecondFactor::On { .. } => (Tone::Ok, "ativa"),
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
                    <h2 id="second-factor-title">"Verificação em duas etapas"</h2>
                    <p class="card-sub">"Além da senha, um código do seu celular."</p>
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
                "Aqui ela é exigida: sem ela nada mais se abre. Leva um minuto, com um aplicativo autenticador no celular."
            } else {
                "Com ela, uma senha descoberta não basta para entrar. Leva um minuto, com um aplicativo autenticador no celular."
            }}
        </p>
        <form method="post" action=BeginSecondFactor::PATH>
            <CurrentPassword path=&[BeginSecondFactor::PATH] />
            <div class="card-steps">
                <button class="button primary" type="submit">"Começar"</button>
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
                <h3>"Leia o código com o aplicativo autenticador"</h3>
                <QrCode
                    side=qr_side
                    path=qr_path
                    label="Código QR para o aplicativo autenticador; o mesmo segredo está escrito abaixo."
                />
                <p class="soft">"Não dá para ler? Digite este segredo no aplicativo:"</p>
                <p class="secret" translate="no">{secret}</p>
            </li>
            <li>
                <h3>"Guarde agora os códigos de recuperação"</h3>
                <p class="soft">"Se perder o celular, cada um deles abre a conta uma vez. Não aparecem de novo."</p>
                <ul class="recovery" translate="no" aria-label="Códigos de recuperação">
                    {recovery.into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}
                </ul>
            </li>
            <li>
                <h3>"Confirme com o código que o aplicativo mostra"</h3>
                <form method="post" action=ConfirmSecondFactor::PATH>
                    <Field
                        id="code"
                        name="code"
                        label="Código de 6 números"
                        keyboard="numeric"
                        autocomplete="one-time-code"
                        required=true
                        error=at(error, "code")
                    />
                    <div class="card-steps">
                        <button class="button primary" type="submit">"Ativar"</button>
                    </div>
                </form>
            </li>
        </ol>
    }
}

#[component]
fn On(since: When, recovery_left: u32, required: bool) -> impl IntoView {
    let left = match recovery_left {
        0 => "Nenhum código de recuperação sobrou: desative e ative de novo para ter outros dez.".to_owned(),
        1 => "Resta 1 código de recuperação.".to_owned(),
        many => format!("Restam {many} códigos de recuperação."),
    };
    view! {
        <p class="factor-words">"Ativa desde " <Moment when=since /> ". " {left}</p>
        {if required {
            view! { <p class="soft">"Aqui ela é exigida, por isso não pode ser desativada."</p> }.into_any()
        } else {
            view! {
                <details class="remove">
                    <summary>"Desativar…"</summary>
                    <form method="post" action=RemoveSecondFactor::PATH>
                        <p class="soft">"Só a senha volta a bastar, e os seus outros aparelhos saem da conta."</p>
                        <CurrentPassword path=&[RemoveSecondFactor::PATH] />
                        <button class="button danger" type="submit">"Desativar mesmo assim"</button>
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
            label="Sua senha"
            kind="password"
            autocomplete="current-password"
            required=true
            error=at(refusal(path), "current")
        />
    }
}
