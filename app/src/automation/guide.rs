//! How a flow reads a connection, step by step in n8n, and what it gets.

use super::HandOutView;
use crate::{tr, ui::Copyable};
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
                    <td data-label=tr!("Em fields", "In fields")><code>{one.fields.join(", ")}</code></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card guide" aria-labelledby="guide">
            <h2 id="guide">{tr!("Usar no n8n", "Use in n8n")}</h2>
            <ol>
                <li>
                    {tr!("Em ", "In ")} <strong>"Credentials → Create credential → Header Auth"</strong>
                    {tr!(", ponha ", ", put ")} <code>"Authorization"</code> {tr!(" em Name e ", " in Name and ")}
                    <code>"Bearer "</code>
                    {tr!(
                        " seguido do token em Value. Assim ele não aparece no fluxo.",
                        " followed by the token in Value. That way it does not show in the workflow.",
                    )}
                </li>
                <li>
                    {tr!("No fluxo, acrescente um nó ", "In the workflow, add the node ")}
                    <strong>"HTTP Request"</strong> {tr!(" com Method ", " with Method ")} <code>"GET"</code>
                    {tr!(" e Authentication ", " and Authentication ")}
                    <strong>"Generic Credential Type → Header Auth"</strong>
                    {tr!(". Em URL vai o endereço da conexão:", ". The connection’s address goes in URL:")}
                    <Copyable text=example label=tr!("Copiar o endereço", "Copy the address") />
                </li>
                <li>
                    {tr!(
                        "Nos nós seguintes use os campos da resposta, por exemplo ",
                        "In the nodes that follow, use the fields of the response, for example ",
                    )} <code>"{{ $json.fields.api_key }}"</code> "."
                </li>
                <li>
                    {tr!(
                        "Leia a conexão no começo de cada execução e não a guarde: ela muda quando alguém a troca aqui. Um token lê até 60 vezes por minuto; depois a resposta é 429 e diz quando tentar de novo.",
                        "Read the connection at the start of each execution and do not keep it: it changes when somebody replaces it here. A token reads up to 60 times a minute; beyond that the response is 429 and says when to try again.",
                    )}
                </li>
            </ol>
            <h3>{tr!("O que vem em cada resposta", "What comes in each response")}</h3>
            <table class="rows">
                <thead>
                    <tr>
                        <th scope="col">{tr!("Conexão", "Connection")}</th>
                        <th scope="col">{tr!("Em fields", "In fields")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="soft">
                {tr!(
                    "Do Google vem um access token que ainda vale, com o instante em que vence em ",
                    "For Google you get an access token that is still valid, with the moment it expires in ",
                )} <code>"fields.expires_at"</code>
                {tr!(
                    "; o refresh token e o Client Secret nunca saem do painel. Cada leitura fica na ",
                    "; the refresh token and the Client Secret never leave Painel. Every read is kept in the ",
                )} <a href="/settings/audit">{tr!("Auditoria", "Audit trail")}</a> "."
            </p>
            <p class="soft">
                {tr!("Para programas: ", "For programs: ")}
                <a href=document rel="external">{tr!("a descrição em OpenAPI 3.1", "the OpenAPI 3.1 description")}</a> "."
            </p>
        </section>
    }
    .into_any()
}
