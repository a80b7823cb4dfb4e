//! `/invite/:token` and `/reset/:token`: what the link is for decides the form, not the address it came by.

use super::{Accept, LinkPurpose, LinkView, Reset, look};
use crate::{
    error::AppError,
    session::LanguageSwitch,
    tr,
    ui::{Entrance, Field, Moment, NewPassword, Outcome, Skeleton, Trouble, at, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The page of one link.
#[component]
pub fn LinkPage() -> impl IntoView {
    let params = use_params_map();
    let token = move || params.with(|params| params.get("token").unwrap_or_default());
    let link = Resource::new(token, look);
    view! {
        <Transition fallback=|| {
            view! {
                <Entrance title=tr!("Um momento", "One moment")>
                    <Skeleton rows=3 label=tr!("Abrindo o link", "Opening the link") />
                </Entrance>
            }
        }>
            {move || Suspend::new(async move {
                match link.await {
                    Ok(link) => view! { <Live link token=token() /> }.into_any(),
                    Err(AppError::Gone) => view! { <Spent /> }.into_any(),
                    Err(error) => {
                        view! {
                            <Entrance title=tr!("Não deu certo", "That did not work")>
                                <Trouble error />
                                <LanguageSwitch />
                            </Entrance>
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Live(link: LinkView, token: String) -> impl IntoView {
    let LinkView { purpose, email, expires } = link;
    match purpose {
        LinkPurpose::Invitation { place, role, by, has_account } => {
            let by = if by.is_empty() {
                String::new()
            } else {
                tr!(format!(" Quem convidou: {by}."), format!(" Invited by {by}."))
            };
            view! {
                <Title text=tr!("Convite", "Invitation") />
                <Entrance title=tr!("Seu convite", "Your invitation")>
                    <p class="lead">
                        {tr!(format!("Para {place}, como {role}.{by}"), format!("For {place}, as {role}.{by}"))}
                    </p>
                    <LinkForm path=Accept::PATH kind=if has_account { Kind::Known } else { Kind::New } token email />
                    <p class="field-hint">
                        {tr!("O convite vale até ", "The invitation is valid until ")} <Moment when=expires /> "."
                    </p>
                    <LanguageSwitch />
                </Entrance>
            }
            .into_any()
        }
        LinkPurpose::Reset => view! {
            <Title text=tr!("Nova senha", "New password") />
            <Entrance title=tr!("Nova senha", "New password")>
                <p class="lead">
                    {tr!(
                        "Ao trocar, todos os seus aparelhos saem da conta.",
                        "When you change it, all your devices are signed out."
                    )}
                </p>
                <LinkForm path=Reset::PATH kind=Kind::Reset token email />
                <p class="field-hint">
                    {tr!("O link vale até ", "The link is valid until ")} <Moment when=expires /> "."
                </p>
                <LanguageSwitch />
            </Entrance>
        }
        .into_any(),
    }
}

/// What a link's form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Name and first password.
    New,
    /// The password that the account has.
    Known,
    /// A new password.
    Reset,
}

#[component]
fn LinkForm(path: &'static str, kind: Kind, token: String, email: String) -> impl IntoView {
    let error = refusal(&[Accept::PATH, Reset::PATH]);
    let submit = match kind {
        Kind::New => tr!("Criar conta e entrar", "Create account and sign in"),
        Kind::Known => tr!("Aceitar e entrar", "Accept and sign in"),
        Kind::Reset => tr!("Trocar a senha", "Change the password"),
    };
    view! {
        <Outcome error words=|_| None />
        <form method="post" action=path>
            <input type="hidden" name="token" value=token />
            // For password managers: which account the password belongs to.
            <input type="text" autocomplete="username" value=email.clone() readonly hidden />
            <p class="whose-account">
                <span class="soft">{tr!("E-mail", "Email")}</span>
                <bdi class="strong">{email}</bdi>
            </p>
            {(kind == Kind::New)
                .then(|| {
                    view! {
                        <Field
                            id="name"
                            name="name"
                            label=tr!("Seu nome", "Your name")
                            autocomplete="name"
                            required=true
                            error=at(error, "name")
                        />
                    }
                })}
            {if kind == Kind::Known {
                view! {
                    <Field
                        id="password"
                        name="password"
                        label=tr!("Senha da sua conta", "Your account password")
                        kind="password"
                        autocomplete="current-password"
                        hint=tr!(
                            "Este e-mail já tem conta aqui: entre com a senha dela.",
                            "This email already has an account here: sign in with its password."
                        )
                        required=true
                        error=at(error, "password")
                    />
                    <p class="way"><a href="/reset">{tr!("Esqueci a senha", "I forgot my password")}</a></p>
                }
                    .into_any()
            } else {
                let label = if kind == Kind::New {
                    tr!("Crie uma senha", "Create a password")
                } else {
                    tr!("Senha nova", "New password")
                };
                view! { <NewPassword label error=at(error, "password") /> }.into_any()
            }}
            <button class="button primary wide" type="submit">{submit}</button>
        </form>
    }
}

#[component]
fn Spent() -> impl IntoView {
    view! {
        <Title text=tr!("Link vencido", "Expired link") />
        <Entrance title=tr!("Este link não vale mais", "This link is no longer valid")>
            <p class="lead">
                {tr!(
                    "Foi usado, cancelado ou venceu: cada link vale uma vez e por tempo curto.",
                    "It was used or cancelled, or has expired: each link works once and for a short time."
                )}
            </p>
            <p>
                {tr!(
                    "Se já tem conta, entre com o seu e-mail. Senão, peça um link novo a quem enviou este.",
                    "If you have an account, sign in with your email. If not, ask whoever sent this link for a new one."
                )}
            </p>
            <a class="button primary wide" href="/login" rel="external">{tr!("Ir para a entrada", "Go to sign-in")}</a>
            <p class="way"><a href="/reset">{tr!("Esqueci a senha", "I forgot my password")}</a></p>
            <LanguageSwitch />
        </Entrance>
    }
}
