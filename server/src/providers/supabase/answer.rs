//! Refusals, as findings: of the gateway (no codes, sometimes plain text or nothing) and of PostgREST (a code in the body,
//! which decides, not the status: a missing grant is 401 for one role and 403 for another). Versions 12 to 16 are known.
//!
//! What a project wrote chooses among our sentences and never gets into one: its texts hold addresses of databases and
//! rows of customers.

use super::{sql, tested::Tested};
use crate::{
    egress::Incoming,
    providers::report::{Cause, Finding},
};
use http::header;

/// How to run a piece of SQL, for somebody who never did.
pub(super) const HOW_TO_RUN: &str = "No Supabase, abra o seu projeto, clique em “SQL Editor” no menu da esquerda e em \
     “New query”, cole o texto abaixo e clique em “Run”. Depois volte aqui e teste de novo.";

/// The part of a refusal that is looked at.
#[derive(Default)]
pub(super) struct Refusal {
    status: u16,
    code: Option<String>,
    message: String,
    hint: String,
    retry_after: Option<u32>,
}

/// PostgREST sends four keys, the gateway two; any may be missing, null, or something else.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Body {
    code: Option<serde_json::Value>,
    message: Option<serde_json::Value>,
    hint: Option<serde_json::Value>,
}

impl Refusal {
    /// Reads an answer that is no success. Nothing in its body is taken for granted.
    pub(super) fn read(incoming: &Incoming) -> Self {
        let body = serde_json::from_slice::<Body>(&incoming.body).unwrap_or_default();
        let text = |value: Option<serde_json::Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let retry = incoming.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        Self {
            status: incoming.status.as_u16(),
            code: text(body.code),
            message: text(body.message).unwrap_or_default(),
            hint: text(body.hint).unwrap_or_default(),
            retry_after: retry,
        }
    }

    /// The project's clocks disagree about a JWT that its own gateway made. Passes by itself.
    pub(super) fn is_clock_ahead(&self) -> bool {
        self.code.as_deref() == Some("PGRST303") && self.message.contains("issued at future")
    }

    /// Which of these columns the table does not have, when that is what was refused.
    pub(super) fn missing_column<'a>(&self, asked: &[&'a str]) -> Option<&'a str> {
        if !matches!(self.code.as_deref(), Some("42703" | "PGRST204")) {
            return None;
        }
        let words: Vec<&str> = self.message.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').collect();
        // `column conversations.phone does not exist`, `Could not find the 'phone' column of 'conversations' …`
        let after_dot = self.message.split_once('.').map(|(_, rest)| rest);
        asked
            .iter()
            .copied()
            .find(|name| after_dot.is_some_and(|rest| rest.split(' ').next() == Some(name)))
            .or_else(|| asked.iter().copied().find(|name| words.contains(name)))
    }

    /// Nothing of a table can be told after this: the key, the project or the road to it are the matter.
    pub(super) fn is_about_the_whole(&self) -> bool {
        match self.code.as_deref() {
            None => matches!(self.status, 401 | 402 | 429 | 521 | 522 | 540),
            Some(code) => code.starts_with("PGRST0") || code.starts_with("PGRST30"),
        }
    }

    /// The refusal in words. `table` is the one that was asked for; none when the question was of the project.
    pub(super) fn finding(&self, table: Option<&Tested>) -> Finding {
        match (&self.code, table) {
            (Some(code), Some(table)) => self.by_code(code, table),
            (Some(code), None) => self.of_the_project(code),
            (None, _) => self.by_status(),
        }
    }

    fn by_code(&self, code: &str, table: &Tested) -> Finding {
        match code {
            "42P01" | "PGRST205" if !table.ours => Finding::new(
                Cause::NotFound,
                format!("A tabela “{table}” não existe neste projeto."),
                "Diga em Tabelas (no alto desta página) como ela se chama agora.",
            ),
            "42P01" | "PGRST205" => with_sql(
                Cause::NotFound,
                format!("A tabela “{table}” não existe neste projeto."),
                "Se ela tem outro nome, diga qual em Tabelas (no alto desta página). Se ainda não existe, crie-a vazia:",
                sql::create(table),
            ),
            "42501" => with_sql(
                Cause::Forbidden,
                format!("A chave está certa, mas não tem permissão de ler a tabela “{table}”."),
                "Dê a ela a permissão de leitura (GRANT).",
                sql::let_read(table),
            ),
            "42P17" => with_sql(
                Cause::Forbidden,
                format!("Uma política de segurança (RLS) da tabela “{table}” chama a si mesma, e o banco desiste."),
                "Em Authentication → Policies, apague a política desta tabela que consulta a própria tabela. Para o \
                 painel basta esta:",
                sql::let_read(table),
            ),
            "42703" | "PGRST204" => Finding::new(
                Cause::NotFound,
                format!("Falta uma coluna na tabela “{table}”."),
                "Compare as colunas da tabela, no Table Editor, com as que o painel lê, e diga em Tabelas onde está cada uma.",
            ),
            "PGRST106" => Finding::new(
                Cause::Forbidden,
                "A API deste projeto não mostra o esquema “public”, onde ficam as tabelas.",
                "No Supabase: Project Settings → Data API → Exposed schemas: acrescente “public” e clique em Save.",
            ),
            "57014" => Finding::new(
                Cause::ProviderDown,
                format!("A leitura da tabela “{table}” passou do limite de tempo do próprio projeto."),
                "O banco está ocupado, ou a política da tabela é lenta. Espere um minuto e teste de novo.",
            ),
            _ => self.of_the_project(code),
        }
    }

    /// Codes that say nothing of a table.
    fn of_the_project(&self, code: &str) -> Finding {
        match code {
            "PGRST301" | "PGRST303" if self.message.contains("JWT expired") => Finding::new(
                Cause::Expired,
                "Esta chave já venceu.",
                "No Supabase: Project Settings → API Keys. Copie a chave “publishable” e cole-a aqui.",
            ),
            "PGRST303" if self.message.contains("issued at future") => Finding::new(
                Cause::ProviderDown,
                "Os relógios do Supabase estão desacertados entre si: ele recusa até a própria chave.",
                "Não há nada a mudar: costuma passar sozinho em minutos. Teste de novo daqui a pouco.",
            ),
            // A key whose role is not in this project is a key of another one.
            "PGRST301" | "PGRST302" | "PGRST303" | "22023" => key_refused(),
            "PGRST000" | "PGRST001" | "PGRST002" => fault("O banco de dados do projeto não responde."),
            "PGRST003" => fault("O banco de dados do projeto está sem conexões livres."),
            "PGRST300" => fault("A API do projeto está sem a chave com que confere as outras."),
            code if ["08", "53", "57", "58", "XX"].iter().any(|class| code.starts_with(class)) => {
                fault("O banco de dados do projeto está com uma falha dele.")
            }
            _ if self.status == 429 => self.slow_down(),
            _ if self.status >= 500 => fault("O projeto respondeu com uma falha dele."),
            _ => unexpected(),
        }
    }

    /// The gateway's refusals, and of whatever else may stand at an address.
    fn by_status(&self) -> Finding {
        let says = |part: &str| self.message.contains(part) || self.hint.contains(part);
        match self.status {
            401 if says("Legacy API keys are disabled") => Finding::new(
                Cause::Expired,
                "Este projeto desligou as chaves do tipo antigo (anon), e esta é uma delas.",
                "No Supabase: Project Settings → API Keys. Copie a chave “publishable” e cole-a aqui.",
            ),
            401 if says("Forbidden use of secret API key") => too_powerful(),
            401 | 403 if says("No API key found") => Finding::new(
                Cause::Unexpected,
                "O projeto diz que não recebeu chave nenhuma: algo no caminho a retirou.",
                "Se há um proxy ou um domínio próprio na frente do Supabase, use o endereço https://….supabase.co direto.",
            ),
            401 | 403 => key_refused(),
            402 => Finding::new(
                Cause::ProviderDown,
                "O Supabase restringiu este projeto: fatura em aberto ou limite do plano estourado.",
                "No Supabase: Organization → Billing. Acerte o pagamento ou o plano; o acesso volta em seguida.",
            ),
            521 | 522 | 540 => paused(),
            404 => Finding::new(
                Cause::NotFound,
                "Neste endereço há um servidor, mas não a API de um projeto Supabase.",
                "No Supabase: Project Settings → Data API → Project URL. Copie o endereço e cole-o aqui.",
            ),
            429 => self.slow_down(),
            300..=399 => Finding::new(
                Cause::BadAddress,
                "Este endereço só desvia para outro, e o painel não leva a chave a outro lugar.",
                "No Supabase: Project Settings → Data API → Project URL. Copie o endereço e cole-o aqui.",
            ),
            544 => fault("O projeto não respondeu a tempo ao próprio Supabase."),
            500.. => fault("O projeto respondeu com uma falha dele."),
            _ => unexpected(),
        }
    }

    fn slow_down(&self) -> Finding {
        Finding::new(
            Cause::RateLimited { retry_after: self.retry_after },
            "O projeto pediu para fazer menos chamadas.",
            "Espere um minuto e teste de novo.",
        )
    }
}

/// A finding with SQL, and how to run it.
pub(super) fn with_sql(cause: Cause, what: String, fix: &str, sql: String) -> Finding {
    Finding { paste: Some(sql), ..Finding::new(cause, what, format!("{fix} {HOW_TO_RUN}")) }
}

/// The project sleeps.
pub(super) fn paused() -> Finding {
    Finding::new(
        Cause::ProviderDown,
        "O projeto está pausado: o Supabase faz isso depois de uma semana sem uso no plano gratuito.",
        "Entre em supabase.com, abra o projeto e clique em “Restore project”. Leva alguns minutos; depois teste de novo.",
    )
}

/// The key opens everything.
pub(super) fn too_powerful() -> Finding {
    Finding::new(
        Cause::TooPowerful,
        "Esta chave passa por cima de toda proteção: com ela se lê e se apaga tudo no projeto.",
        "Troque-a agora no Supabase (Project Settings → API Keys) e use aqui a “publishable”.",
    )
}

/// Not an answer of Supabase.
pub(super) fn not_supabase() -> Finding {
    Finding::new(
        Cause::Unexpected,
        "O que responde neste endereço não é um projeto Supabase.",
        "No Supabase: Project Settings → Data API → Project URL. Copie o endereço e cole-o aqui.",
    )
}

fn key_refused() -> Finding {
    Finding::new(
        Cause::BadCredential,
        "O projeto não aceita esta chave.",
        "No Supabase, abra o projeto deste endereço: Project Settings → API Keys. Copie a chave “publishable” inteira e \
         cole-a aqui.",
    )
}

fn fault(what: &'static str) -> Finding {
    Finding::new(
        Cause::ProviderDown,
        what,
        "Veja em status.supabase.com se há um aviso, espere um minuto e teste de novo.",
    )
}

fn unexpected() -> Finding {
    Finding::new(
        Cause::Unexpected,
        "O projeto respondeu algo que o painel não conhece.",
        "Teste de novo em um minuto. Se repetir, avise a sua agência.",
    )
}
