//! How a flow reads a connection, step by step in n8n, and what it gets.

use super::HandOutView;
use crate::ui::Copyable;
use leptos::prelude::*;

/// The steps.
#[component]
pub(super) fn Guide(
    /// What can be handed out.
    hand_out: Vec<HandOutView>,
    /// Where the interface is.
    address: String,
) -> impl IntoView {
    let example = format!("{address}/credentials/supabase");
    let document = format!("{address}/openapi.json");
    let rows = hand_out
        .into_iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row" class="rows-name"><code>{one.word}</code></th>
                    <td data-label="Em fields"><code>{one.fields.join(", ")}</code></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card guide" aria-labelledby="guide">
            <h2 id="guide">"Usar no n8n"</h2>
            <ol>
                <li>
                    "Em " <strong>"Credentials → Create credential → Header Auth"</strong> ", ponha "
                    <code>"Authorization"</code> " em Name e " <code>"Bearer "</code>
                    " seguido do token em Value. Assim ele não aparece no fluxo."
                </li>
                <li>
                    "No fluxo, acrescente um nó " <strong>"HTTP Request"</strong> " com Method " <code>"GET"</code>
                    " e Authentication " <strong>"Generic Credential Type → Header Auth"</strong>
                    ". Em URL vai o endereço da conexão:" <Copyable text=example label="Copiar o endereço" />
                </li>
                <li>
                    "Nos nós seguintes use os campos da resposta, por exemplo " <code>"{{ $json.fields.api_key }}"</code>
                    "."
                </li>
                <li>
                    "Leia a conexão no começo de cada execução e não a guarde: ela muda quando alguém a troca aqui. Um token lê até 60 vezes por minuto; depois a resposta é 429 e diz quando tentar de novo."
                </li>
            </ol>
            <h3>"O que vem em cada resposta"</h3>
            <table class="rows">
                <thead>
                    <tr>
                        <th scope="col">"Conexão"</th>
                        <th scope="col">"Em fields"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="soft">
                "Do Google vem um access token que ainda vale, com o instante em que vence em "
                <code>"fields.expires_at"</code>
                "; o refresh token e o Client Secret nunca saem do painel. Cada leitura fica na "
                <a href="/settings/audit">"Auditoria"</a> "."
            </p>
            <p class="soft">"Para programas: " <a href=document rel="external">"a descrição em OpenAPI 3.1"</a> "."</p>
        </section>
    }
    .into_any()
}
