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
    let (api, other) = match provider {
        Provider::GoogleMeet => ("Google Meet REST API", "a Google Agenda"),
        _ => ("Google Calendar API", "o Google Meet"),
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
                        "Em APIs e serviços → Biblioteca (Library), procure “{api}” e clique em “Ativar” (Enable). Já tem um cliente para {other}? Basta este passo, no mesmo projeto: guarde os campos em branco e conecte.",
                    )}
                </li>
                <li>
                    "Em Google Auth Platform, preencha o nome do app e o seu e-mail, com público “Externo” (External). Depois, em Público-alvo (Audience), clique em “Publicar app” (Publish app) e confirme: enquanto o estado for “Teste” (Testing), todo acesso acaba em sete dias."
                </li>
                <li>
                    "Em Clientes → Criar cliente (Create client), escolha “Aplicativo da Web” (Web application) e cole este endereço em “URIs de redirecionamento autorizados” (Authorized redirect URIs), letra por letra:"
                    <Copyable text=redirect_uri label="Copiar o endereço" />
                </li>
                <li>"Antes de fechar a janela, copie o ID do cliente (Client ID) e a chave secreta (Client secret) para os campos acima e guarde: a chave não aparece inteira de novo."</li>
                <li>
                    "Use “Conectar com o Google” com a conta que é dona da agenda ou pode editá-la, e só depois “Testar conexão”. Se o Google avisar que não verificou o app, abra “Avançado” (Advanced) e siga para ele: o app é seu. A Agenda e o Meet se conectam cada um no seu cartão."
                </li>
            </ol>
        </details>
        <details class="consent-help">
            <summary>"O Google mostrou um erro e não voltou?"</summary>
            <ul class="consent-list">
                <li>
                    <strong>"redirect_uri_mismatch: "</strong>
                    "o endereço de retorno do passo 4 não está no cliente, ou não está igual. O Google leva uns cinco minutos para aceitá-lo, às vezes algumas horas."
                </li>
                <li>
                    <strong>"invalid_client, deleted_client: "</strong>
                    "o Client ID não existe mais. Copie-o de novo, ou crie outro cliente."
                </li>
                <li>
                    <strong>"access_denied, “app em teste”: "</strong>
                    "publique o app (passo 3) ou acrescente a conta em Público-alvo (Audience) → Usuários de teste."
                </li>
                <li>
                    <strong>"org_internal: "</strong>
                    "o app só aceita contas da organização. Em Público-alvo (Audience) mude-o para “Externo”, ou use uma conta dela."
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
