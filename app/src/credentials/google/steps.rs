//! How somebody who never saw Google's console makes the client that a card asks for, and what to do when Google keeps them
//! on its own page.

use crate::{credentials::Provider, ui::Copyable};
use leptos::prelude::*;

/// Both, each inside a disclosure; the address to come back to stands in the first.
#[component]
pub fn Steps(
    /// Whose card it is.
    provider: Provider,
    /// Where Google sends people back to.
    redirect_uri: String,
) -> impl IntoView {
    let api = match provider {
        Provider::GoogleMeet => "Google Meet API",
        _ => "Google Calendar API",
    };
    view! {
        <details class="consent-help">
            <summary>"Como criar o Client ID e o Client secret"</summary>
            <ol class="consent-list">
                <li>
                    "Abra console.cloud.google.com com a conta Google do seu negócio e crie um projeto (ou escolha um que já tenha)."
                </li>
                <li>
                    {format!(
                        "Em APIs & Services → Library, procure “{api}” e clique em “Enable”. Se for usar Agenda e Meet, ligue as duas APIs.",
                    )}
                </li>
                <li>
                    "Em Google Auth Platform, preencha o nome do app e o seu e-mail, com público “External”. Depois, em Audience, clique em “Publish app”: enquanto o estado for “Testing”, todo acesso acaba em sete dias."
                </li>
                <li>
                    "Em Clients → Create client, escolha “Web application” e cole este endereço em “Authorized redirect URIs”, letra por letra:"
                    <Copyable text=redirect_uri label="Copiar o endereço" />
                </li>
                <li>"Copie o Client ID e o Client secret para os campos acima e guarde."</li>
                <li>
                    "Use “Conectar com o Google”. Se o Google avisar que não verificou o app, abra “Advanced” e siga para ele: o app é seu."
                </li>
            </ol>
        </details>
        <details class="consent-help">
            <summary>"O Google mostrou um erro e não voltou?"</summary>
            <ul class="consent-list">
                <li>
                    <strong>"redirect_uri_mismatch: "</strong>
                    "o endereço de retorno do passo 4 não está no cliente, ou não está igual. O Google leva até cinco minutos para aceitá-lo."
                </li>
                <li>
                    <strong>"invalid_client, deleted_client: "</strong>
                    "o Client ID não existe mais. Copie-o de novo, ou crie outro cliente."
                </li>
                <li>
                    <strong>"access_denied, “app em teste”: "</strong>
                    "publique o app (passo 3) ou acrescente a conta em Audience → Test users."
                </li>
                <li>
                    <strong>"org_internal: "</strong>
                    "o app só aceita contas da organização. Em Audience mude-o para “External”, ou use uma conta dela."
                </li>
                <li>
                    <strong>"admin_policy_enforced: "</strong>
                    "quem administra o Google Workspace precisa liberar o app em Security → API controls."
                </li>
                <li>
                    <strong>"disallowed_useragent: "</strong>
                    "abra o painel no Chrome, Safari ou Firefox, e não dentro de outro aplicativo."
                </li>
            </ul>
        </details>
    }
}
