//! How somebody who never saw Google's console makes the client that a card asks for, and what to do when Google keeps them
//! on its own page.

use crate::{credentials::Provider, tr, ui::Copyable};
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
        Provider::GoogleMeet => ("Google Meet REST API", tr!("a Google Agenda", "Google Calendar")),
        _ => ("Google Calendar API", tr!("o Google Meet", "Google Meet")),
    };
    view! {
        <details class="consent-help">
            <summary>
                {tr!("Como criar o Client ID e o Client secret", "How to create the Client ID and the Client secret")}
            </summary>
            <ol class="consent-list">
                <li>
                    {tr!(
                        "Abra console.cloud.google.com com a conta Google do seu negócio e crie um projeto (ou escolha um que já tenha).",
                        "Open console.cloud.google.com with your business’s Google account and create a project (or choose one you already have).",
                    )}
                </li>
                <li>
                    {tr!(
                        format!(
                            "Em APIs e serviços → Biblioteca (Library), procure “{api}” e clique em “Ativar” (Enable). Já tem um cliente para {other}? Basta este passo, no mesmo projeto: guarde os campos em branco e conecte.",
                        ),
                        format!(
                            "In APIs & Services → Library, search for “{api}” and click “Enable”. Already have a client for {other}? This step is enough, in the same project: save the fields blank and connect.",
                        ),
                    )}
                </li>
                <li>
                    {tr!(
                        "Em Google Auth Platform, preencha o nome do app e o seu e-mail, com público “Externo” (External). Depois, em Público-alvo (Audience), clique em “Publicar app” (Publish app) e confirme: enquanto o estado for “Teste” (Testing), todo acesso acaba em sete dias.",
                        "In Google Auth Platform, fill in the app’s name and your email, with the audience “External”. Then, in Audience, click “Publish app” and confirm: while the status is “Testing”, every access ends after seven days.",
                    )}
                </li>
                <li>
                    {tr!(
                        "Em Clientes → Criar cliente (Create client), escolha “Aplicativo da Web” (Web application) e cole este endereço em “URIs de redirecionamento autorizados” (Authorized redirect URIs), letra por letra:",
                        "In Clients → Create client, choose “Web application” and paste this address into “Authorized redirect URIs”, letter for letter:",
                    )}
                    <Copyable text=redirect_uri label=tr!("Copiar o endereço", "Copy the address") />
                </li>
                <li>
                    {tr!(
                        "Antes de fechar a janela, copie o ID do cliente (Client ID) e a chave secreta (Client secret) para os campos acima e guarde: a chave não aparece inteira de novo.",
                        "Before you close the window, copy the Client ID and the Client secret into the fields above and save: the secret is not shown in full again.",
                    )}
                </li>
                <li>
                    {tr!(
                        "Use “Conectar com o Google” com a conta que é dona da agenda ou pode editá-la, e só depois “Testar conexão”. Se o Google avisar que não verificou o app, abra “Avançado” (Advanced) e siga para ele: o app é seu. A Agenda e o Meet se conectam cada um no seu cartão.",
                        "Use “Connect with Google” with the account that owns the calendar or may edit it, and only then “Test connection”. If Google warns that it has not verified the app, open “Advanced” and go on to it: the app is yours. Calendar and Meet are each connected on their own card.",
                    )}
                </li>
            </ol>
        </details>
        <details class="consent-help">
            <summary>
                {tr!("O Google mostrou um erro e não voltou?", "Google showed an error and did not bring you back?")}
            </summary>
            <ul class="consent-list">
                <li>
                    <strong>"redirect_uri_mismatch: "</strong>
                    {tr!(
                        "o endereço de retorno do passo 4 não está no cliente, ou não está igual. O Google leva uns cinco minutos para aceitá-lo, às vezes algumas horas.",
                        "the return address of step 4 is not in the client, or is not exactly the same. Google takes about five minutes to accept it, sometimes a few hours.",
                    )}
                </li>
                <li>
                    <strong>"invalid_client, deleted_client: "</strong>
                    {tr!(
                        "o Client ID não existe mais. Copie-o de novo, ou crie outro cliente.",
                        "the Client ID no longer exists. Copy it again, or create another client.",
                    )}
                </li>
                <li>
                    <strong>{tr!("access_denied, “app em teste”: ", "access_denied, “app being tested”: ")}</strong>
                    {tr!(
                        "publique o app (passo 3) ou acrescente a conta em Público-alvo (Audience) → Usuários de teste.",
                        "publish the app (step 3) or add the account in Audience → Test users.",
                    )}
                </li>
                <li>
                    <strong>"org_internal: "</strong>
                    {tr!(
                        "o app só aceita contas da organização. Em Público-alvo (Audience) mude-o para “Externo”, ou use uma conta dela.",
                        "the app only accepts accounts of the organisation. In Audience change it to “External”, or use one of its accounts.",
                    )}
                </li>
                <li>
                    <strong>"admin_policy_enforced: "</strong>
                    {tr!(
                        "quem administra o Google Workspace precisa liberar o app em Security → API controls.",
                        "whoever administers Google Workspace has to allow the app in Security → API controls.",
                    )}
                </li>
                <li>
                    <strong>"disallowed_useragent: "</strong>
                    {tr!(
                        "abra o painel no Chrome, Safari ou Firefox, e não dentro de outro aplicativo.",
                        "open Painel in Chrome, Safari or Firefox, and not inside another app.",
                    )}
                </li>
            </ul>
        </details>
    }
}
