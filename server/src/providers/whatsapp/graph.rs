//! Refusals of Meta's Graph API, by number. Meta promises the codes, not titles, statuses or subcodes: so the code
//! decides, whatever the status, and a subcode only makes the words better. No text of Meta's is passed on.

use crate::{
    egress::Incoming,
    providers::{
        report::{Cause, Finding},
        text::retry_after,
    },
};
use http::StatusCode;
use serde_json::Value;

/// How a token is made that does not end after a day.
pub(super) const NEW_TOKEN: &str = "Abra business.facebook.com/settings → Usuários → Usuários do sistema, escolha um (ou crie), \
     clique em “Gerar token”, escolha o seu app e a validade “Nunca”, marque whatsapp_business_messaging e \
     whatsapp_business_management, copie o token inteiro e cole-o aqui.";

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
            (190, Some(463)) => Finding::new(Cause::Expired, "O token venceu.", NEW_TOKEN),
            (190, Some(460)) => Finding::new(
                Cause::Expired,
                "O token caiu porque a pessoa que o gerou trocou a senha do Facebook.",
                format!("Use um token de usuário do sistema, que não depende da senha de ninguém. {NEW_TOKEN}"),
            ),
            (190 | 0, _) => Finding::new(
                Cause::BadCredential,
                "A Meta não aceita este token: foi copiado pela metade, cancelado ou já venceu.",
                NEW_TOKEN,
            ),
            (3, _) => Finding::new(
                Cause::Forbidden,
                "O app da Meta ainda não pode usar o WhatsApp.",
                "Em developers.facebook.com → Meus apps, abra o app e adicione o produto “WhatsApp”. Depois gere outro token.",
            ),
            (10 | 200..=299, _) => Finding::new(
                Cause::Forbidden,
                "O token é válido, mas não tem permissão para este número.",
                "Em business.facebook.com/settings → Usuários do sistema, abra o usuário do token, clique em “Atribuir ativos”, \
                 escolha a conta do WhatsApp com controle total e gere um token novo com whatsapp_business_messaging e \
                 whatsapp_business_management marcados.",
            ),
            (100, Some(33)) => Finding::new(
                Cause::NotFound,
                "Este token não vê nenhum número com este ID: o ID está errado, ou o token é de outra empresa.",
                "Em developers.facebook.com → Meus apps → o seu app → WhatsApp → Configuração da API (API Setup), escolha o \
                 telefone em “De” e copie a “Identificação do número de telefone”. Gere o token na mesma empresa.",
            ),
            (100, _) => Finding::new(
                Cause::NotFound,
                "Este ID existe, mas não é de um número: talvez seja o da conta ou o do app.",
                "Em WhatsApp → Configuração da API (API Setup) há dois IDs: copie o primeiro, “Identificação do número de \
                 telefone”. O de baixo, “Identificação da conta”, vai no campo da conta.",
            ),
            (33, _) => Finding::new(
                Cause::NotFound,
                "Este número foi apagado da conta do WhatsApp Business.",
                "Adicione-o de novo em business.facebook.com → Gerenciador do WhatsApp → Números de telefone, e guarde aqui \
                 o ID novo.",
            ),
            (4 | 80_007 | 130_429 | 131_056 | 133_016, _) => Finding::new(
                Cause::RateLimited { retry_after },
                "A Meta pediu para esperar: este número fez chamadas demais.",
                "Espere alguns minutos e teste de novo. Se repetir, algum fluxo está chamando a Meta sem parar.",
            ),
            (131_048, _) => Finding::new(
                Cause::RateLimited { retry_after },
                "A Meta freou este número: muita gente bloqueou ou denunciou as mensagens.",
                "Pare os envios em massa e veja a qualidade em Gerenciador do WhatsApp → Números de telefone.",
            ),
            (368 | 131_031 | 130_497, _) => Finding::new(
                Cause::Forbidden,
                "A Meta bloqueou esta conta do WhatsApp, ou uma parte dela, por violar as regras.",
                "Abra business.facebook.com → Central de segurança → Qualidade da conta: lá está o motivo e o botão para \
                 pedir revisão.",
            ),
            (131_042, _) => Finding::new(
                Cause::Forbidden,
                "Há um problema de pagamento: a Meta não entrega mensagens até ele ser resolvido.",
                "Em business.facebook.com → Gerenciador do WhatsApp → Configurações de pagamento, confira o cartão e as \
                 faturas em aberto.",
            ),
            (131_026, _) => Finding::new(
                Cause::Notice,
                "A credencial vale; só não foi possível entregar a última mensagem.",
                "Confira se quem recebe usa o WhatsApp e aceitou os termos novos dele.",
            ),
            (131_047, _) => Finding::new(
                Cause::Notice,
                "A credencial vale; só que passaram mais de 24 horas desde a última mensagem do cliente.",
                "Depois de 24 horas a Meta só aceita um modelo de mensagem aprovado.",
            ),
            (1 | 2 | 131_000 | 131_016, _) => down(),
            (code, _) => Finding::new(
                Cause::Unexpected,
                format!("A Meta recusou com um código que o painel não conhece ({code})."),
                "Procure o número em developers.facebook.com → documentação do WhatsApp → “Error codes”, ou informe-o à \
                 sua agência.",
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
        "A Meta está com uma falha dela neste momento.",
        "Não há nada a mudar aqui. Teste de novo em alguns minutos; metastatus.com mostra as falhas conhecidas.",
    )
}

fn unknown() -> Finding {
    Finding::new(
        Cause::Unexpected,
        "A resposta não é uma que a Meta costuma dar.",
        "Teste de novo em alguns minutos. Se continuar, avise a sua agência.",
    )
}
