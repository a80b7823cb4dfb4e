//! `/invite/:token` and `/reset/:token`: what the link is for decides the form, not the address it came by.

use super::{Accept, LinkPurpose, LinkView, Reset, look};
use crate::{
    error::AppError,
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
            view! { <Entrance title="Um momento"><Skeleton rows=3 label="Abrindo o link" /></Entrance> }
        }>
            {move || Suspend::new(async move {
                match link.await {
                    Ok(link) => view! { <Live link token=token() /> }.into_any(),
                    Err(AppError::Gone) => view! { <Spent /> }.into_any(),
                    Err(error) => view! { <Entrance title="Não deu certo"><Trouble error /></Entrance> }.into_any(),
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
            let by = if by.is_empty() { String::new() } else { format!(" Quem convidou: {by}.") };
            view! {
                <Title text="Convite" />
                <Entrance title="Seu convite">
                    <p class="lead">{format!("Para {place}, como {role}.{by}")}</p>
                    <LinkForm path=Accept::PATH kind=if has_account { Kind::Known } else { Kind::New } token email />
                    <p class="field-hint">"O convite vale até " <Moment when=expires /> "."</p>
                </Entrance>
            }
            .into_any()
        }
        LinkPurpose::Reset => view! {
            <Title text="Nova senha" />
            <Entrance title="Nova senha">
                <p class="lead">"Ao trocar, todos os seus aparelhos saem da conta."</p>
                <LinkForm path=Reset::PATH kind=Kind::Reset token email />
                <p class="field-hint">"O link vale até " <Moment when=expires /> "."</p>
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
        Kind::New => "Criar conta e entrar",
        Kind::Known => "Aceitar e entrar",
        Kind::Reset => "Trocar a senha",
    };
    view! {
        <Outcome error words=|_| None />
        <form method="post" action=path>
            <input type="hidden" name="token" value=token />
            // For password managers: which account the password belongs to.
            <input type="text" autocomplete="username" value=email.clone() readonly hidden />
            <p class="whose-account">
                <span class="soft">"E-mail"</span>
                <bdi class="strong">{email}</bdi>
            </p>
            {(kind == Kind::New)
                .then(|| {
                    view! {
                        <Field id="name" name="name" label="Seu nome" autocomplete="name" required=true error=at(error, "name") />
                    }
                })}
            {if kind == Kind::Known {
                view! {
                    <Field
                        id="password"
                        name="password"
                        label="Senha da sua conta"
                        kind="password"
                        autocomplete="current-password"
                        hint="Este e-mail já tem conta aqui: entre com a senha dela."
                        required=true
                        error=at(error, "password")
                    />
                    <p class="way"><a href="/reset">"Esqueci a senha"</a></p>
                }
                    .into_any()
            } else {
                let label = if kind == Kind::New { "Crie uma senha" } else { "Senha nova" };
                view! { <NewPassword label error=at(error, "password") /> }.into_any()
            }}
            <button class="button primary wide" type="submit">{submit}</button>
        </form>
    }
}

#[component]
fn Spent() -> impl IntoView {
    view! {
        <Title text="Link vencido" />
        <Entrance title="Este link não vale mais">
            <p class="lead">"Foi usado, cancelado ou venceu: cada link vale uma vez e por tempo curto."</p>
            <p>"Se já tem conta, entre com o seu e-mail. Senão, peça um link novo a quem enviou este."</p>
            <a class="button primary wide" href="/login" rel="external">"Ir para a entrada"</a>
            <p class="way"><a href="/reset">"Esqueci a senha"</a></p>
        </Entrance>
    }
}
