//! `/settings/mapping`: where the tenant's data is read from. Every form is a plain one that loads the page anew.

use super::{
    DetectTables, DropDraft, EditMapping, KeepDraft, MappingView, RestoreMapping, SaveMapping, StartFromModel,
    begin::Begin, form::DraftForm, in_use::Current, preview::PreviewCard, read_mapping, versions::Versions,
};
use crate::ui::{Outcome, Skeleton, Trouble, refusal};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/settings/mapping?done=…`
#[component]
pub fn MappingPage() -> impl IntoView {
    let error = refusal(&[
        DetectTables::PATH,
        StartFromModel::PATH,
        EditMapping::PATH,
        KeepDraft::PATH,
        DropDraft::PATH,
        SaveMapping::PATH,
        RestoreMapping::PATH,
    ]);
    let page = Resource::new(|| (), |()| read_mapping());
    view! {
        <Title text="Tabelas" />
        <p class="back"><a href="/settings/credentials">"← Conexões"</a></p>
        <header class="page-head">
            <div>
                <h1>"Tabelas"</h1>
                <p class="page-sub">"De que tabelas e colunas do seu Supabase vêm as conversas, as mensagens e a agenda."</p>
            </div>
        </header>
        <Outcome error words />
        <Transition fallback=|| view! { <section class="card"><Skeleton rows=12 label="Carregando as tabelas" /></section> }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <Whole page /> }.into_any(),
                    Err(error) => view! { <section class="card"><Trouble error /></section> }.into_any(),
                }
            })}
        </Transition>
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "detected" => "Tabelas encontradas. Confira o rascunho: nada mudou ainda.",
        "model" => "Rascunho feito do modelo. Ajuste os nomes: nada mudou ainda.",
        "edit" => "Rascunho do que está em uso. Nada mudou ainda.",
        "kept" => "Rascunho guardado. Veja abaixo como fica; nada mudou ainda.",
        "dropped" => "Rascunho descartado.",
        "saved" => "Em uso: o painel lê por estas tabelas agora.",
        "restored" => "Versão anterior de volta.",
        _ => return None,
    })
}

#[component]
fn Whole(page: MappingView) -> impl IntoView {
    let MappingView { in_use, draft, versions } = page;
    let version = in_use.version;
    let current = view! { <Current in_use editing=draft.is_some() /> }.into_any();
    // While something is edited, that comes first.
    let (first, second) = match draft {
        Some(draft) => {
            let good = draft.errors.is_empty();
            let preview = draft.preview.clone();
            let editing = view! {
                {preview.map(|preview| view! { <PreviewCard preview version good /> })}
                <DraftForm draft />
            };
            (editing.into_any(), current)
        }
        None => (current, view! { <Begin /> }.into_any()),
    };
    view! { <div class="mapping">{first} {second} <Versions versions current=version /></div> }.into_any()
}
