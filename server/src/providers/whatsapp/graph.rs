//! Refusals of Meta's Graph API, by number. Meta promises the codes, not titles, statuses or subcodes: so the code
//! decides, whatever the status, and a subcode only makes the words better. No text of Meta's is passed on.

use crate::{
    egress::Incoming,
    providers::{
        report::{Cause, Finding},
        text::retry_after,
    },
};
use app::{both, lang::Both};
use http::StatusCode;
use serde_json::Value;

/// How a token is made that does not end after a day.
pub(super) fn new_token() -> Both {
    both!(
        "Abra business.facebook.com/settings → Usuários → Usuários do sistema, escolha um (ou crie), \
         clique em “Gerar token”, escolha o seu app e a validade “Nunca”, marque whatsapp_business_messaging e \
         whatsapp_business_management, copie o token inteiro e cole-o aqui.",
        "Open business.facebook.com/settings → Users → System users, choose one (or create one), \
         click “Generate token”, choose your app and the expiration “Never”, tick whatsapp_business_messaging and \
         whatsapp_business_management, copy the whole token and paste it here."
    )
}

/// The number of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused {
    code: i64,
    subcode: Option<i64>,
}

impl Refused {
    /// The token is not good, and no more is known.
    pub(super) const OF_THE_TOKEN: Self = Self { code: 190, subcode: None };

    /// The refusal inside an `error` object, if it has a number.
    pub(super) fn read(error: &Value) -> Option<Self> {
        let subcode = error.get("error_subcode").or_else(|| error.get("subcode")).and_then(Value::as_i64);
        Some(Self { code: error.get("code")?.as_i64()?, subcode })
    }

    /// What it says of the token, and what to do.
    pub(super) fn finding(self, retry_after: Option<u32>) -> Finding {
        match (self.code, self.subcode) {
            (190, Some(463)) => {
                Finding::new(Cause::Expired, both!("O token venceu.", "The token has expired."), new_token())
            }
            (190, Some(460)) => {
                let new = new_token();
                Finding::new(
                    Cause::Expired,
                    both!(
                        "O token caiu porque a pessoa que o gerou trocou a senha do Facebook.",
                        "The token ended because the person who generated it changed their Facebook password."
                    ),
                    both!(
                        format!("Use um token de usuário do sistema, que não depende da senha de ninguém. {}", new.pt),
                        format!("Use a system user’s token, which depends on nobody’s password. {}", new.en)
                    ),
                )
            }
            (190 | 0, _) => Finding::new(
                Cause::BadCredential,
                both!(
                    "A Meta não aceita este token: foi copiado pela metade, cancelado ou já venceu.",
                    "Meta does not accept this token: it was copied in part, revoked, or has already expired."
                ),
                new_token(),
            ),
            (3, _) => Finding::new(
                Cause::Forbidden,
                both!("O app da Meta ainda não pode usar o WhatsApp.", "The Meta app may not use WhatsApp yet."),
                both!(
                    "Em developers.facebook.com → Meus apps, abra o app e adicione o produto “WhatsApp”. Depois gere \
                     outro token.",
                    "In developers.facebook.com → My Apps, open the app and add the product “WhatsApp”. Then generate \
                     another token."
                ),
            ),
            (10 | 200..=299, _) => Finding::new(
                Cause::Forbidden,
                both!(
                    "O token é válido, mas não tem permissão para este número.",
                    "The token is valid, but has no permission for this number."
                ),
                both!(
                    "Em business.facebook.com/settings → Usuários do sistema, abra o usuário do token, clique em \
                     “Atribuir ativos”, escolha a conta do WhatsApp com controle total e gere um token novo com \
                     whatsapp_business_messaging e whatsapp_business_management marcados.",
                    "In business.facebook.com/settings → System users, open the token’s user, click “Assign assets”, \
                     choose the WhatsApp account with full control and generate a new token with \
                     whatsapp_business_messaging and whatsapp_business_management ticked."
                ),
            ),
            (100, Some(33)) => Finding::new(
                Cause::NotFound,
                both!(
                    "Este token não vê nenhum número com este ID: o ID está errado, ou o token é de outra empresa.",
                    "This token sees no number with this ID: the ID is wrong, or the token belongs to another business."
                ),
                both!(
                    "Em developers.facebook.com → Meus apps → o seu app → WhatsApp → Configuração da API (API Setup), \
                     escolha o telefone em “De” e copie a “Identificação do número de telefone”. Gere o token na mesma \
                     empresa.",
                    "In developers.facebook.com → My Apps → your app → WhatsApp → API Setup, choose the phone under \
                     “From” and copy the “Phone number ID”. Generate the token in the same business."
                ),
            ),
            (100, _) => Finding::new(
                Cause::NotFound,
                both!(
                    "Este ID existe, mas não é de um número: talvez seja o da conta ou o do app.",
                    "This ID exists, but is not that of a number: it may be the account’s or the app’s."
                ),
                both!(
                    "Em WhatsApp → Configuração da API (API Setup) há dois IDs: copie o primeiro, “Identificação do \
                     número de telefone”. O de baixo, “Identificação da conta”, vai no campo da conta.",
                    "In WhatsApp → API Setup there are two IDs: copy the first, “Phone number ID”. The one below, \
                     “WhatsApp Business Account ID”, goes into the account’s field."
                ),
            ),
            (33, _) => Finding::new(
                Cause::NotFound,
                both!(
                    "Este número foi apagado da conta do WhatsApp Business.",
                    "This number was deleted from the WhatsApp Business account."
                ),
                both!(
                    "Adicione-o de novo em business.facebook.com → Gerenciador do WhatsApp → Números de telefone, e \
                     guarde aqui o ID novo.",
                    "Add it again in business.facebook.com → WhatsApp Manager → Phone numbers, and save the new ID \
                     here."
                ),
            ),
            (4 | 80_007 | 130_429 | 131_056 | 133_016, _) => Finding::new(
                Cause::RateLimited { retry_after },
                both!(
                    "A Meta pediu para esperar: este número fez chamadas demais.",
                    "Meta asked us to wait: this number made too many calls."
                ),
                both!(
                    "Espere alguns minutos e teste de novo. Se repetir, algum fluxo está chamando a Meta sem parar.",
                    "Wait a few minutes and test again. If it happens again, some workflow is calling Meta non-stop."
                ),
            ),
            (131_048, _) => Finding::new(
                Cause::RateLimited { retry_after },
                both!(
                    "A Meta freou este número: muita gente bloqueou ou denunciou as mensagens.",
                    "Meta has slowed this number down: many people blocked or reported its messages."
                ),
                both!(
                    "Pare os envios em massa e veja a qualidade em Gerenciador do WhatsApp → Números de telefone.",
                    "Stop sending in bulk and look at the quality in WhatsApp Manager → Phone numbers."
                ),
            ),
            (368 | 131_031 | 130_497, _) => Finding::new(
                Cause::Forbidden,
                both!(
                    "A Meta bloqueou esta conta do WhatsApp, ou uma parte dela, por violar as regras.",
                    "Meta has blocked this WhatsApp account, or a part of it, for breaking the rules."
                ),
                both!(
                    "Abra business.facebook.com → Central de segurança → Qualidade da conta: lá está o motivo e o \
                     botão para pedir revisão.",
                    "Open business.facebook.com → Security Center → Account Quality: the reason is there, and the \
                     button to request a review."
                ),
            ),
            (131_042, _) => Finding::new(
                Cause::Forbidden,
                both!(
                    "Há um problema de pagamento: a Meta não entrega mensagens até ele ser resolvido.",
                    "There is a payment problem: Meta delivers no messages until it is settled."
                ),
                both!(
                    "Em business.facebook.com → Gerenciador do WhatsApp → Configurações de pagamento, confira o cartão \
                     e as faturas em aberto.",
                    "In business.facebook.com → WhatsApp Manager → Payment settings, check the card and any open \
                     invoices."
                ),
            ),
            (131_026, _) => Finding::new(
                Cause::Notice,
                both!(
                    "A credencial vale; só não foi possível entregar a última mensagem.",
                    "The credential is valid; only the last message could not be delivered."
                ),
                both!(
                    "Confira se quem recebe usa o WhatsApp e aceitou os termos novos dele.",
                    "Check whether the recipient uses WhatsApp and has accepted its new terms."
                ),
            ),
            (131_047, _) => Finding::new(
                Cause::Notice,
                both!(
                    "A credencial vale; só que passaram mais de 24 horas desde a última mensagem do cliente.",
                    "The credential is valid, but more than 24 hours have passed since the customer’s last message."
                ),
                both!(
                    "Depois de 24 horas a Meta só aceita um modelo de mensagem aprovado.",
                    "After 24 hours Meta only accepts an approved message template."
                ),
            ),
            (1 | 2 | 131_000 | 131_016, _) => down(),
            (code, _) => Finding::new(
                Cause::Unexpected,
                both!(
                    format!("A Meta recusou com um código que o painel não conhece ({code})."),
                    format!("Meta refused with a code that Painel does not know ({code}).")
                ),
                both!(
                    "Procure o código em developers.facebook.com → documentação do WhatsApp → “Error codes”, ou \
                     informe-o à sua agência.",
                    "Look the code up at developers.facebook.com → WhatsApp documentation → “Error codes”, or give it \
                     to your agency."
                ),
            ),
        }
    }
}

/// The object of a good answer, or what a bad one says.
pub(super) fn read(incoming: &Incoming) -> Result<Value, Finding> {
    let retry_after = retry_after(&incoming.headers);
    let body: Option<Value> = serde_json::from_slice(&incoming.body).ok();
    if let Some(error) = body.as_ref().and_then(|body| body.get("error")).filter(|error| !error.is_null()) {
        return Err(Refused::read(error).map_or_else(unknown, |refused| refused.finding(retry_after)));
    }
    match (incoming.status, body) {
        (StatusCode::OK, Some(body @ Value::Object(_))) => Ok(body),
        (StatusCode::TOO_MANY_REQUESTS, _) => Err(Refused { code: 4, subcode: None }.finding(retry_after)),
        (StatusCode::UNAUTHORIZED, _) => Err(Refused::OF_THE_TOKEN.finding(None)),
        (status, _) if status.is_server_error() => Err(down()),
        _ => Err(unknown()),
    }
}

fn down() -> Finding {
    Finding::new(
        Cause::ProviderDown,
        both!("A Meta está com uma falha dela neste momento.", "Meta is having a problem of its own at the moment."),
        both!(
            "Não há nada a mudar aqui. Teste de novo em alguns minutos; metastatus.com mostra as falhas conhecidas.",
            "There is nothing to change here. Test again in a few minutes; metastatus.com shows the known faults."
        ),
    )
}

fn unknown() -> Finding {
    Finding::new(
        Cause::Unexpected,
        both!("A resposta não é uma que a Meta costuma dar.", "The answer is not one that Meta usually gives."),
        both!(
            "Teste de novo em alguns minutos. Se continuar, avise a sua agência.",
            "Test again in a few minutes. If it continues, tell your agency."
        ),
    )
}
