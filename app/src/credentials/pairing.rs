//! Connecting the business's telephone to its Evolution instance by QR code.
//!
//! Codes are good for less than a minute, so with script the page asks for the next one by itself: while it is looked at,
//! until the telephone is connected, and for [`MOST_CODES`] codes at most. Without script a link asks. The count stands in
//! the address, so that both ways end at the same place.

use super::{MOST_CODES, Pairing, PairingCode, read_pairing};
use crate::{
    error::AppError,
    tr,
    ui::{PageHead, QrCode, Skeleton, Trouble, use_query},
};
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use std::time::Duration;

/// Where this page is.
const HERE: &str = "/settings/credentials/evolution/qr";

/// `/settings/credentials/evolution/qr?shown=…`
#[component]
pub fn PairingPage() -> impl IntoView {
    let query = use_query();
    let begun =
        Memo::new(move |_| query.with(|map| map.get("shown").and_then(|text| text.parse().ok()).unwrap_or(0_u32)));
    // Asked by script, on top of the address's count.
    let (asked, set_asked) = signal(0_u32);
    let shown = Memo::new(move |_| begun.get().saturating_add(asked.get()));
    let pairing = Resource::new(move || shown.get(), read_pairing);
    keep_asking(pairing, move || set_asked.update(|asked| *asked += 1));
    view! {
        <Title text=tr!("Conectar o WhatsApp", "Connect WhatsApp") />
        <PageHead
            title=tr!("Conectar o WhatsApp", "Connect WhatsApp")
            sub=tr!(
                "Liga o celular do negócio à instância da Evolution API guardada em Conexões.",
                "Links the business’s phone to the Evolution API instance saved in Connections.",
            )
        />
        <section class="card pairing">
            <Transition fallback=|| {
                view! {
                    <p class="soft">
                        {tr!(
                            "Pedindo um código ao servidor. Pode levar alguns segundos.",
                            "Asking the server for a code. It may take a few seconds.",
                        )}
                    </p>
                    <Skeleton rows=6 label=tr!("Pedindo um código", "Asking for a code") />
                }
            }>
                {move || Suspend::new(async move {
                    match pairing.await {
                        Ok(pairing) => view! { <Step pairing next=shown.get_untracked().saturating_add(1) /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
        <p class="pairing-back">
            <a href="/settings/credentials">{tr!("Voltar a Conexões", "Back to Connections")}</a>
        </p>
    }
}

/// Each answer plans the next question. What falls due while nobody looks waits until somebody does. Nothing of this runs
/// on the server.
fn keep_asking(pairing: Resource<Result<Pairing, AppError>>, ask: impl Fn() + Copy + Send + Sync + 'static) {
    let due = StoredValue::new(false);
    Effect::new(move |_| {
        let Some(wait) = pairing.get().and_then(Result::ok).and_then(|pairing| pairing.again_in()) else { return };
        let fall_due = move || if document().hidden() { due.set_value(true) } else { ask() };
        if let Ok(timer) = set_timeout_with_handle(fall_due, Duration::from_secs(wait)) {
            on_cleanup(move || timer.clear());
        }
    });
    Effect::new(move |_| {
        let seen = window_event_listener(ev::visibilitychange, move |_| {
            if !document().hidden() && due.get_value() {
                due.set_value(false);
                ask();
            }
        });
        on_cleanup(move || seen.remove());
    });
}

/// Where it stands, and what to do.
#[component]
fn Step(pairing: Pairing, next: u32) -> impl IntoView {
    let again = move |label: &'static str, shown: u32| {
        let there = format!("{HERE}?shown={shown}");
        // External: it asks anew even when the address is the one at hand.
        view! { <p class="card-steps"><a class="button" href=there rel="external">{label}</a></p> }
    };
    match pairing {
        Pairing::Scan { code, letters } => view! {
            <div class="pairing-scan">
                <ol class="pairing-words">
                    <li>{tr!("No celular do negócio, abra o WhatsApp.", "On the business’s phone, open WhatsApp.")}</li>
                    <li>
                        {tr!(
                            "No Android toque em ⋮ no alto; no iPhone, em ",
                            "On Android tap ⋮ at the top; on iPhone, tap ",
                        )}
                        <strong>{tr!("Configurações", "Settings")}</strong> {tr!(". Depois toque em ", ". Then tap ")}
                        <strong>{tr!("Aparelhos conectados", "Linked devices")}</strong> {tr!(" e em ", " and ")}
                        <strong>{tr!("Conectar aparelho", "Link a device")}</strong> "."
                    </li>
                    <li>
                        {tr!(
                            "Aponte a câmera para este código. Ele vale menos de um minuto.",
                            "Point the camera at this code. It is valid for less than a minute.",
                        )}
                    </li>
                </ol>
                <Code code />
            </div>
            {letters
                .map(|letters| {
                    view! {
                        <p>
                            {tr!(
                                "Sem câmera: no mesmo lugar toque em “Conectar com número de telefone” e digite ",
                                "Without a camera: in the same place tap “Link with phone number instead” and type ",
                            )}
                            <strong class="secret" translate="no">{in_halves(&letters)}</strong>
                        </p>
                    }
                })}
            <p class="soft">
                {tr!(
                    format!(
                        "Código {next} de {MOST_CODES}. A página busca o próximo sozinha; se nada mudar, clique em Atualizar.",
                    ),
                    format!(
                        "Code {next} of {MOST_CODES}. The page fetches the next one by itself; if nothing changes, click Refresh.",
                    ),
                )}
            </p>
            {again(tr!("Atualizar", "Refresh"), next)}
        }
        .into_any(),
        Pairing::Connected => view! {
            <div role="status">
                <p class="pairing-state">{tr!("WhatsApp conectado", "WhatsApp connected")}</p>
                <p>
                    {tr!(
                        "Mande de outro celular uma mensagem para o número e veja se ela aparece em Conversas. Em Conexões, “Testar conexão” confere o resto.",
                        "Send the number a message from another phone and see whether it appears in Conversations. In Connections, “Test connection” checks the rest.",
                    )}
                </p>
            </div>
            <p class="card-steps">
                <a class="button primary" href="/settings/credentials#evolution">
                    {tr!("Voltar e testar", "Go back and test")}
                </a>
            </p>
        }
        .into_any(),
        Pairing::NotYet => view! {
            <p class="pairing-state">
                {tr!("O servidor ainda não tem um código", "The server does not have a code yet")}
            </p>
            <p>
                {tr!(
                    "Ele costuma levar alguns segundos. A página pergunta de novo sozinha; se nada mudar, clique em Atualizar.",
                    "It usually takes a few seconds. The page asks again by itself; if nothing changes, click Refresh.",
                )}
            </p>
            {again(tr!("Atualizar", "Refresh"), next)}
        }
        .into_any(),
        Pairing::GivenUp => view! {
            <p class="pairing-state">{tr!("O código parou de ser renovado", "The code is no longer being renewed")}</p>
            <p>
                {tr!(
                    "Passou muito tempo sem que um celular o lesse. Tenha o celular na mão, já em Aparelhos conectados, e comece de novo.",
                    "A long time passed without a phone scanning it. Have the phone in your hand, with Linked devices open, and start again.",
                )}
            </p>
            {again(tr!("Começar de novo", "Start again"), 0)}
        }
        .into_any(),
        Pairing::Unsaved => view! {
            <p class="pairing-state">
                {tr!("Falta guardar a Evolution API", "The Evolution API is not saved yet")}
            </p>
            <p>
                {tr!(
                    "Guarde em Conexões o endereço do servidor, a instância e o token dela. Depois volte aqui.",
                    "In Connections, save the server’s address, the instance and its token. Then come back here.",
                )}
            </p>
            <p class="card-steps">
                <a class="button primary" href="/settings/credentials#evolution">
                    {tr!("Abrir Conexões", "Open Connections")}
                </a>
            </p>
        }
        .into_any(),
        Pairing::Failed { what, fix } => view! {
            <div role="alert">
                <p class="pairing-state">{what}</p>
                <p>{fix}</p>
            </div>
            {again(tr!("Tentar de novo", "Try again"), 0)}
        }
        .into_any(),
    }
}

#[component]
fn Code(code: PairingCode) -> impl IntoView {
    let label = tr!("Código QR que conecta o WhatsApp", "QR code that connects WhatsApp");
    match code {
        PairingCode::Drawn { side, path } => view! { <QrCode side path label /> }.into_any(),
        PairingCode::Picture(source) => view! { <img class="qr" src=source alt=label /> }.into_any(),
    }
}

/// "WZYE-H1YY", as the telephone asks for it.
fn in_halves(letters: &str) -> String {
    let (first, last) = letters.split_at_checked(4).unwrap_or((letters, ""));
    format!("{first}-{last}")
}
