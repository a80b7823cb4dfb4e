//! `/settings/credentials/automation`: tokens for the tenant's own flows. Every form is a plain one that loads the page
//! anew: what it did stands in the address, and a token it made shows once.

use super::{
    AutomationView, FreshToken, MakeToken, RevokeToken, guide::Guide, make::Make, read_automation, tokens::Tokens,
};
use crate::{
    tr,
    ui::{Copyable, Outcome, PageHead, Skeleton, SkeletonCard, or_trouble, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/settings/credentials/automation?done=…`
#[component]
pub fn AutomationPage() -> impl IntoView {
    let error = refusal(&[MakeToken::PATH, RevokeToken::PATH]);
    let page = Resource::new(|| (), |()| read_automation());
    view! {
        <Title text=tr!("Automação", "Automation") />
        <p class="back"><a href="/settings/credentials">{tr!("← Conexões", "← Connections")}</a></p>
        <PageHead
            title=tr!("Automação", "Automation")
            sub=tr!(
                "Seus fluxos leem daqui as conexões guardadas, em vez de cada um ter a sua cópia.",
                "Your workflows read the saved connections from here, instead of each keeping its own copy.",
            )
        />
        <Outcome error words />
        <Transition fallback=|| {
            view! {
                <section class="card flush">
                    <Skeleton rows=2 label=tr!("Carregando os tokens", "Loading the tokens") table=true />
                </section>
                <div class="columns part">
                    <SkeletonCard rows=6 />
                    <SkeletonCard rows=6 />
                </div>
            }
        }>
            {move || Suspend::new(async move {
                or_trouble(page.await, |page| view! { <Automation page /> })
            })}
        </Transition>
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "made" => tr!("Token criado.", "Token created."),
        "revoked" => {
            tr!("Token retirado: ele não lê mais nada.", "Token revoked: it can no longer read anything.")
        }
        _ => return None,
    })
}

#[component]
fn Automation(page: AutomationView) -> impl IntoView {
    let AutomationView { tokens, fresh, hand_out, confirm_due, address } = page;
    view! {
        {fresh.map(|token| view! { <Fresh token /> })}
        <Tokens tokens />
        <div class="columns part">
            <Make hand_out=hand_out.clone() confirm_due />
            <Guide hand_out address />
        </div>
    }
    .into_any()
}

#[component]
fn Fresh(token: FreshToken) -> impl IntoView {
    view! {
        <section class="card fresh" aria-labelledby="fresh-title">
            <h2 id="fresh-title">{tr!("Token de ", "Token for ")} <bdi>{token.name}</bdi></h2>
            <p class="card-sub">
                {tr!(
                    "Aparece só agora: guarde-o no seu fluxo antes de sair desta página. Quem o tiver lê as conexões que você escolheu.",
                    "It is shown only now: save it in your workflow before you leave this page. Whoever has it can read the connections you chose.",
                )}
            </p>
            <Copyable text=token.token label=tr!("Copiar o token", "Copy the token") />
        </section>
    }
    .into_any()
}
