//! `/settings/mapping`: where the tenant's data is read from. Every form is a plain one that loads the page anew.

use super::{
    DetectTables, DropDraft, EditMapping, KeepDraft, MappingView, RestoreMapping, SaveMapping, StartFromModel,
    begin::Begin, form::DraftForm, in_use::Current, preview::PreviewCard, read_mapping, versions::Versions,
};
use crate::{
    tr,
    ui::{Outcome, PageHead, Skeleton, SkeletonCard, or_trouble, refusal},
};
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
        <Title text=tr!("Tabelas", "Tables") />
        <p class="back"><a href="/settings/credentials">{tr!("← Conexões", "← Connections")}</a></p>
        <PageHead
            title=tr!("Tabelas", "Tables")
            sub=tr!(
                "De que tabelas e colunas do seu Supabase vêm as conversas, as mensagens e a agenda.",
                "Which tables and columns of your Supabase conversations, messages and appointments come from.",
            )
        />
        <Outcome error words />
        <Transition fallback=|| {
            view! {
                <div class="mapping">
                    <section class="card">
                        <Skeleton rows=5 label=tr!("Carregando as tabelas", "Loading the tables") />
                    </section>
                    <SkeletonCard rows=5 />
                </div>
            }
        }>
            {move || Suspend::new(async move {
                or_trouble(page.await, |page| view! { <Whole page /> })
            })}
        </Transition>
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "detected" => tr!(
            "Tabelas encontradas. Confira o rascunho: nada mudou ainda.",
            "Tables found. Check the draft: nothing has changed yet."
        ),
        "model" => tr!(
            "Rascunho feito do modelo. Ajuste os nomes: nada mudou ainda.",
            "Draft made from the template. Adjust the names: nothing has changed yet."
        ),
        "edit" => {
            tr!("Rascunho do que está em uso. Nada mudou ainda.", "Draft of what is in use. Nothing has changed yet.")
        }
        "kept" => tr!(
            "Rascunho guardado. Veja abaixo como fica; nada mudou ainda.",
            "Draft saved. See below what it looks like; nothing has changed yet."
        ),
        "dropped" => tr!("Rascunho descartado.", "Draft discarded."),
        "saved" => tr!("Em uso: o painel lê por estas tabelas agora.", "In use: Painel now reads these tables."),
        "restored" => tr!("Versão anterior de volta.", "The earlier version is back."),
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
            let (preview, revision) = (draft.preview.clone(), draft.revision.clone());
            let editing = view! {
                {preview.map(|preview| view! { <PreviewCard preview version revision good /> })}
                <DraftForm draft />
            };
            (editing.into_any(), current)
        }
        None => (current, view! { <Begin /> }.into_any()),
    };
    view! { <div class="mapping">{first} {second} <Versions versions current=version /></div> }.into_any()
}
