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
use app::{both, lang::Both};
use http::header;

/// How to run a piece of SQL, for somebody who never did.
fn how_to_run() -> Both {
    both!(
        "No Supabase, abra o seu projeto, clique em “SQL Editor” no menu da esquerda e em “New query”, cole o texto \
         abaixo e clique em “Run”. Depois volte aqui e teste de novo.",
        "In Supabase, open your project, click “SQL Editor” in the menu on the left and “New query”, paste the text \
         below and click “Run”. Then come back here and test again.",
    )
}

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
                both!(
                    format!("A tabela “{table}” não existe neste projeto."),
                    format!("The table “{table}” does not exist in this project."),
                ),
                both!(
                    "Diga em Tabelas (no alto desta página) como ela se chama agora.",
                    "Say in Tables (at the top of this page) what it is called now.",
                ),
            ),
            "42P01" | "PGRST205" => with_sql(
                Cause::NotFound,
                both!(
                    format!("A tabela “{table}” não existe neste projeto."),
                    format!("The table “{table}” does not exist in this project."),
                ),
                both!(
                    "Se ela tem outro nome, diga qual em Tabelas (no alto desta página). Se ainda não existe, crie-a \
                     vazia:",
                    "If it has another name, say which in Tables (at the top of this page). If it does not exist \
                     yet, create it empty:",
                ),
                sql::create(table),
            ),
            "42501" => with_sql(
                Cause::Forbidden,
                both!(
                    format!("A chave está certa, mas não tem permissão de ler a tabela “{table}”."),
                    format!("The key is right, but may not read the table “{table}”."),
                ),
                both!("Dê a ela a permissão de leitura (GRANT).", "Give it permission to read (GRANT)."),
                sql::let_read(table),
            ),
            "42P17" => with_sql(
                Cause::Forbidden,
                both!(
                    format!("Uma política de segurança (RLS) da tabela “{table}” chama a si mesma, e o banco desiste."),
                    format!("A security policy (RLS) of the table “{table}” calls itself, and the database gives up."),
                ),
                both!(
                    "Em Authentication → Policies, apague a política desta tabela que consulta a própria tabela. \
                     Para o painel basta esta:",
                    "In Authentication → Policies, delete the policy of this table that queries the table itself. \
                     For Painel this one is enough:",
                ),
                sql::let_read(table),
            ),
            "42703" | "PGRST204" => Finding::new(
                Cause::NotFound,
                both!(
                    format!("Falta uma coluna na tabela “{table}”."),
                    format!("A column is missing from the table “{table}”."),
                ),
                both!(
                    "Compare as colunas da tabela, no Table Editor, com as que o painel lê, e diga em Tabelas onde \
                     está cada uma.",
                    "Compare the table’s columns, in the Table Editor, with those that Painel reads, and say \
                     in Tables where each one is.",
                ),
            ),
            "PGRST106" => Finding::new(
                Cause::Forbidden,
                both!(
                    "A API deste projeto não mostra o esquema “public”, onde ficam as tabelas.",
                    "The API of this project does not show the schema “public”, where the tables are.",
                ),
                both!(
                    "No Supabase: Project Settings → Data API → Exposed schemas: acrescente “public” e clique em Save.",
                    "In Supabase: Project Settings → Data API → Exposed schemas: add “public” and click Save.",
                ),
            ),
            "57014" => Finding::new(
                Cause::ProviderDown,
                both!(
                    format!("A leitura da tabela “{table}” passou do limite de tempo do próprio projeto."),
                    format!("Reading the table “{table}” took longer than the project itself allows."),
                ),
                both!(
                    "O banco está ocupado, ou a política da tabela é lenta. Espere um minuto e teste de novo.",
                    "The database is busy, or the table’s policy is slow. Wait a minute and test again.",
                ),
            ),
            _ => self.of_the_project(code),
        }
    }

    /// Codes that say nothing of a table.
    fn of_the_project(&self, code: &str) -> Finding {
        match code {
            "PGRST301" | "PGRST303" if self.message.contains("JWT expired") => Finding::new(
                Cause::Expired,
                both!("Esta chave já venceu.", "This key has expired."),
                both!(
                    "No Supabase: Project Settings → API Keys. Copie a chave “publishable” e cole-a aqui.",
                    "In Supabase: Project Settings → API Keys. Copy the “publishable” key and paste it here.",
                ),
            ),
            "PGRST303" if self.message.contains("issued at future") => Finding::new(
                Cause::ProviderDown,
                both!(
                    "Os relógios do Supabase estão desacertados entre si: ele recusa até a própria chave.",
                    "Supabase’s clocks disagree with each other: it refuses even its own key.",
                ),
                both!(
                    "Não há nada a mudar: costuma passar sozinho em minutos. Teste de novo daqui a pouco.",
                    "There is nothing to change: it usually passes by itself within minutes. Test again in a while.",
                ),
            ),
            // A key whose role is not in this project is a key of another one.
            "PGRST301" | "PGRST302" | "PGRST303" | "22023" => key_refused(),
            "PGRST000" | "PGRST001" | "PGRST002" => {
                fault(both!("O banco de dados do projeto não responde.", "The project’s database does not answer.",))
            }
            "PGRST003" => fault(both!(
                "O banco de dados do projeto está sem conexões livres.",
                "The project’s database has no free connections.",
            )),
            "PGRST300" => fault(both!(
                "A API do projeto está sem a chave com que confere as outras.",
                "The project’s API lacks the key that it checks the others with.",
            )),
            code if ["08", "53", "57", "58", "XX"].iter().any(|class| code.starts_with(class)) => fault(both!(
                "O banco de dados do projeto está com uma falha dele.",
                "The project’s database is having a problem of its own.",
            )),
            _ if self.status == 429 => self.slow_down(),
            _ if self.status >= 500 => fault(both!(
                "O projeto respondeu com uma falha dele.",
                "The project answered with an error of its own.",
            )),
            _ => unexpected(),
        }
    }

    /// The gateway's refusals, and of whatever else may stand at an address.
    fn by_status(&self) -> Finding {
        let says = |part: &str| self.message.contains(part) || self.hint.contains(part);
        match self.status {
            401 if says("Legacy API keys are disabled") => Finding::new(
                Cause::Expired,
                both!(
                    "Este projeto desligou as chaves do tipo antigo (anon), e esta é uma delas.",
                    "This project has switched off keys of the old kind (anon), and this is one of them.",
                ),
                both!(
                    "No Supabase: Project Settings → API Keys. Copie a chave “publishable” e cole-a aqui.",
                    "In Supabase: Project Settings → API Keys. Copy the “publishable” key and paste it here.",
                ),
            ),
            401 if says("Forbidden use of secret API key") => too_powerful(),
            401 | 403 if says("No API key found") => Finding::new(
                Cause::Unexpected,
                both!(
                    "O projeto diz que não recebeu chave nenhuma: algo no caminho a retirou.",
                    "The project says that it got no key at all: something on the way removed it.",
                ),
                both!(
                    "Se há um proxy ou um domínio próprio na frente do Supabase, use o endereço \
                     https://….supabase.co direto.",
                    "If there is a proxy or a domain of your own in front of Supabase, use the https://….supabase.co \
                     address directly.",
                ),
            ),
            401 | 403 => key_refused(),
            402 => Finding::new(
                Cause::ProviderDown,
                both!(
                    "O Supabase restringiu este projeto: fatura em aberto ou limite do plano estourado.",
                    "Supabase has restricted this project: an invoice is unpaid or the plan’s limit is exceeded.",
                ),
                both!(
                    "No Supabase: Organization → Billing. Acerte o pagamento ou o plano; o acesso volta em seguida.",
                    "In Supabase: Organization → Billing. Settle the payment or change the plan; access comes back \
                     right after.",
                ),
            ),
            521 | 522 | 540 => paused(),
            404 => Finding::new(
                Cause::NotFound,
                both!(
                    "Neste endereço há um servidor, mas não a API de um projeto Supabase.",
                    "There is a server at this address, but not the API of a Supabase project.",
                ),
                both!(
                    "No Supabase: Project Settings → Data API → Project URL. Copie o endereço e cole-o aqui.",
                    "In Supabase: Project Settings → Data API → Project URL. Copy the address and paste it here.",
                ),
            ),
            429 => self.slow_down(),
            300..=399 => Finding::new(
                Cause::BadAddress,
                both!(
                    "Este endereço só desvia para outro, e o painel não leva a chave a outro lugar.",
                    "This address only redirects to another, and Painel does not take the key anywhere else.",
                ),
                both!(
                    "No Supabase: Project Settings → Data API → Project URL. Copie o endereço e cole-o aqui.",
                    "In Supabase: Project Settings → Data API → Project URL. Copy the address and paste it here.",
                ),
            ),
            544 => fault(both!(
                "O projeto não respondeu a tempo ao próprio Supabase.",
                "The project did not answer Supabase itself in time.",
            )),
            500.. => fault(both!(
                "O projeto respondeu com uma falha dele.",
                "The project answered with an error of its own.",
            )),
            _ => unexpected(),
        }
    }

    fn slow_down(&self) -> Finding {
        Finding::new(
            Cause::RateLimited { retry_after: self.retry_after },
            both!("O projeto pediu para fazer menos chamadas.", "The project asked for fewer calls."),
            both!("Espere um minuto e teste de novo.", "Wait a minute and test again."),
        )
    }
}

/// A finding with SQL, and how to run it.
pub(super) fn with_sql(cause: Cause, what: Both, fix: Both, sql: String) -> Finding {
    let how = how_to_run();
    let fix = both!(format!("{} {}", fix.pt, how.pt), format!("{} {}", fix.en, how.en));
    Finding { paste: Some(sql), ..Finding::new(cause, what, fix) }
}

/// The project sleeps.
pub(super) fn paused() -> Finding {
    Finding::new(
        Cause::ProviderDown,
        both!(
            "O projeto está pausado: o Supabase faz isso depois de uma semana sem uso no plano gratuito.",
            "The project is paused: Supabase does this after a week without use on the free plan.",
        ),
        both!(
            "Entre em supabase.com, abra o projeto e clique em “Restore project”. Leva alguns minutos; depois teste \
             de novo.",
            "Sign in at supabase.com, open the project and click “Restore project”. It takes a few minutes; then \
             test again.",
        ),
    )
}

/// The key opens everything.
pub(super) fn too_powerful() -> Finding {
    Finding::new(
        Cause::TooPowerful,
        both!(
            "Esta chave passa por cima de toda proteção: com ela se lê e se apaga tudo no projeto.",
            "This key bypasses all protection: with it, everything in the project can be read and deleted.",
        ),
        both!(
            "Troque-a agora no Supabase (Project Settings → API Keys) e use aqui a “publishable”.",
            "Replace it now in Supabase (Project Settings → API Keys) and use the “publishable” one here.",
        ),
    )
}

/// Not an answer of Supabase.
pub(super) fn not_supabase() -> Finding {
    Finding::new(
        Cause::Unexpected,
        both!(
            "O que responde neste endereço não é um projeto Supabase.",
            "What answers at this address is not a Supabase project.",
        ),
        both!(
            "No Supabase: Project Settings → Data API → Project URL. Copie o endereço e cole-o aqui.",
            "In Supabase: Project Settings → Data API → Project URL. Copy the address and paste it here.",
        ),
    )
}

fn key_refused() -> Finding {
    Finding::new(
        Cause::BadCredential,
        both!("O projeto não aceita esta chave.", "The project does not accept this key."),
        both!(
            "No Supabase, abra o projeto deste endereço: Project Settings → API Keys. Copie a chave “publishable” \
             inteira e cole-a aqui.",
            "In Supabase, open the project of this address: Project Settings → API Keys. Copy the whole \
             “publishable” key and paste it here.",
        ),
    )
}

fn fault(what: Both) -> Finding {
    Finding::new(
        Cause::ProviderDown,
        what,
        both!(
            "Veja em status.supabase.com se há um aviso, espere um minuto e teste de novo.",
            "See at status.supabase.com whether there is a notice, wait a minute and test again.",
        ),
    )
}

fn unexpected() -> Finding {
    Finding::new(
        Cause::Unexpected,
        both!(
            "O projeto respondeu algo que o painel não conhece.",
            "The project answered something that Painel does not know.",
        ),
        both!(
            "Teste de novo em um minuto. Se repetir, avise a sua agência.",
            "Test again in a minute. If it happens again, tell your agency.",
        ),
    )
}
