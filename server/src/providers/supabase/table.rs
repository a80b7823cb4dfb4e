//! The test of one table: which of its columns can be read, whether rows can be seen, and whether the key could write.
//!
//! **Whether `anon` may write, without writing.** `OPTIONS` does not tell: its `Allow` is about the table, not the role. An
//! insert of no rows (`[]`) does: PostgREST runs a statement that has nothing to insert, and Postgres refuses it with 42501
//! when the role has no INSERT. It changes no row; a trigger of the tenant's for each *statement* would run.
//!
//! **Whether row-level security is on, from outside.** It has no answer of its own, but the planner's estimates know: under
//! row-level security Postgres may not use a column's statistics for an operator that could leak values, as `like`, and
//! falls back to a constant. So for a text that no value contains, a table without it estimates next to nothing and a table
//! with it a large part of all rows. That needs a table with statistics and some hundred rows; below that we say that we
//! do not know. An estimate of exactly 0 means that no policy admits the role at all.

use super::{
    answer::{Refusal, not_supabase, with_sql},
    doctor::Doctor,
    sql,
    tested::Tested,
};
use crate::{
    egress::Incoming,
    providers::report::{Cause, Finding, Report},
    words,
};
use app::{both, lang::Both, tr};
use http::Method;
use serde::de::IgnoredAny;

/// Fewer rows, and estimates with and without statistics look the same.
const ENOUGH_ROWS: u64 = 400;
/// No status, no direction contains it.
const IN_NO_VALUE: &str = "~";

/// What one table's test found.
pub(super) struct Examined {
    /// Nothing when all is well.
    pub(super) findings: Vec<Finding>,
    /// About how many rows there are, when the table can be read.
    pub(super) rows: Option<String>,
}

/// Whether row-level security holds a role's reads of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowSecurity {
    On,
    Off,
    Unknown,
}

/// Tests one table.
pub(super) async fn examine(doctor: &Doctor<'_>, table: &Tested) -> Examined {
    let mut columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
    let mut missing = Vec::new();
    // A refusal names one column at a time: asked without it, the next.
    let answer = loop {
        let answer = match read(doctor, table, &columns.join(",")).await {
            Ok(answer) => answer,
            Err(report) => return Examined { findings: report.findings, rows: None },
        };
        if answer.status.is_success() {
            break answer;
        }
        let refusal = Refusal::read(&answer);
        match refusal.missing_column(&columns) {
            Some(column) if columns.len() > 1 => {
                columns.retain(|name| *name != column);
                missing.push(column);
            }
            _ => return Examined { findings: vec![refusal.finding(Some(table))], rows: None },
        }
    };
    let Ok(rows) = serde_json::from_slice::<Vec<IgnoredAny>>(&answer.body) else {
        return Examined { findings: vec![not_supabase()], rows: None };
    };
    let estimate = total(&answer);
    let mut findings = Vec::new();
    if !missing.is_empty() {
        findings.push(without(table, &missing));
    }
    if rows.is_empty() {
        findings.push(empty(table, estimate));
    }
    findings.extend(writable(doctor, table, estimate).await);
    let readable = missing.is_empty() && (!rows.is_empty() || estimate != Some(0));
    let about = match estimate {
        _ if rows.is_empty() => tr!("nenhuma", "none").to_owned(),
        Some(estimate) => about(estimate),
        None => tr!("à vista", "visible").to_owned(),
    };
    Examined { findings, rows: readable.then_some(about) }
}

/// The second of the two questions: one row with the columns that are read, and the estimate of how many there are.
async fn read(doctor: &Doctor<'_>, table: &Tested, columns: &str) -> Result<Incoming, Report> {
    let query = [("select", columns), ("limit", "1")];
    doctor
        .ask_table(Method::GET, table, &query, None, &[("accept", "application/json"), ("prefer", "count=planned")])
        .await
}

/// What there is to say about the key's right to write, if anything.
async fn writable(doctor: &Doctor<'_>, table: &Tested, estimate: Option<u64>) -> Option<Finding> {
    let headers = [("content-type", "application/json"), ("prefer", "return=minimal")];
    let answer = doctor.ask_table(Method::POST, table, &[], Some("[]"), &headers).await.ok()?;
    if !answer.status.is_success() {
        return None;
    }
    let warned = |advice: Both| {
        both!(
            format!(
                "{} Antes: se o seu robô grava com esta mesma chave pública, troque nele para a chave secreta, senão \
                 ele para de gravar.",
                advice.pt
            ),
            format!(
                "{} Before that: if your bot writes with this same public key, change it there to the secret key, or \
                 it will stop writing.",
                advice.en
            )
        )
    };
    Some(match row_security(doctor, table, estimate).await {
        RowSecurity::Off => with_sql(
            Cause::TooPowerful,
            both!(
                format!("A tabela “{table}” está aberta: o RLS está desligado e a chave pública pode gravar e apagar."),
                format!("The table “{table}” is open: RLS is off and the public key can write and delete."),
            ),
            warned(both!(
                "Quem tiver a chave muda o que quiser. Ligue o RLS e tire a permissão.",
                "Whoever has the key can change anything. Turn RLS on and take the permission away."
            )),
            sql::stop_writing(table),
        ),
        RowSecurity::Unknown => with_sql(
            Cause::TooPowerful,
            both!(
                format!(
                    "A chave pública tem permissão de gravar na tabela “{table}”, e daqui não se vê se o RLS está \
                     ligado."
                ),
                format!(
                    "The public key may write to the table “{table}”, and from here we cannot see whether RLS is on."
                ),
            ),
            warned(both!(
                "Se não estiver, quem tiver a chave muda o que quiser. Ligue-o e tire a permissão.",
                "If it is not, whoever has the key can change anything. Turn it on and take the permission away."
            )),
            sql::stop_writing(table),
        ),
        RowSecurity::On => with_sql(
            Cause::Notice,
            both!(
                format!(
                    "A chave pública tem permissão de gravar na tabela “{table}”; só as políticas do RLS a seguram."
                ),
                format!("The public key may write to the table “{table}”; only the RLS policies hold it back."),
            ),
            warned(both!(
                "O painel não precisa dela. Para fechar de vez, tire a permissão.",
                "Painel does not need it. To close it for good, take the permission away."
            )),
            sql::stop_writing(table),
        ),
    })
}

/// See this file's head.
pub(super) async fn row_security(doctor: &Doctor<'_>, table: &Tested, estimate: Option<u64>) -> RowSecurity {
    let all = match estimate {
        Some(0) => return RowSecurity::On,
        Some(all) if all >= ENOUGH_ROWS => all,
        _ => return RowSecurity::Unknown,
    };
    let Some(column) = table.word() else { return RowSecurity::Unknown };
    let (leaky, proof) = (format!("like.*{IN_NO_VALUE}*"), format!("eq.{IN_NO_VALUE}"));
    let Some(leaky) = planned(doctor, table, column, &leaky).await else { return RowSecurity::Unknown };
    if leaky * 20 < all {
        return RowSecurity::Off;
    }
    // `=` leaks nothing and always has the statistics. If it has none either, there are none.
    match planned(doctor, table, column, &proof).await {
        Some(0 | 1) => RowSecurity::On,
        _ => RowSecurity::Unknown,
    }
}

/// How many rows the planner expects for which the filter holds.
async fn planned(doctor: &Doctor<'_>, table: &Tested, column: &str, filter: &str) -> Option<u64> {
    let query = [("select", column), (column, filter), ("limit", "0")];
    let headers = [("prefer", "count=planned")];
    let answer = doctor.ask_table(Method::GET, table, &query, None, &headers).await.ok()?;
    if answer.status.is_success() { total(&answer) } else { None }
}

/// The number after the slash of `0-4/251` and `*/251`.
fn total(answer: &Incoming) -> Option<u64> {
    answer.headers.get("content-range")?.to_str().ok()?.rsplit_once('/')?.1.parse().ok()
}

fn without(table: &Tested, missing: &[&str]) -> Finding {
    let names = missing.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    let (what, what_in_english) =
        if missing.len() == 1 { ("a coluna", "the column") } else { ("as colunas", "the columns") };
    let told = both!(
        format!("Na tabela “{table}” o painel não encontra {what} {names}."),
        format!("In the table “{table}” Painel does not find {what_in_english} {names}.")
    );
    if !table.ours {
        return Finding::new(
            Cause::NotFound,
            told,
            both!(
                "Diga em Tabelas (no alto desta página) onde está o dado agora.",
                "Say in Tables (at the top of this page) where the data is now.",
            ),
        );
    }
    with_sql(
        Cause::NotFound,
        told,
        both!(
            "Se o dado está numa coluna com outro nome, diga qual em Tabelas (no alto desta página). Se não existe \
             ainda, acrescente a coluna, que começa vazia:",
            "If the data is in a column with another name, say which in Tables (at the top of this page). If it does \
             not exist yet, add the column, which starts empty:",
        ),
        sql::add(table, missing),
    )
}

fn empty(table: &Tested, estimate: Option<u64>) -> Finding {
    if estimate == Some(0) {
        return with_sql(
            Cause::Forbidden,
            both!(
                format!(
                    "A chave lê a tabela “{table}”, mas não vê nenhuma linha: o RLS está ligado sem política que deixe."
                ),
                format!(
                    "The key reads the table “{table}”, but sees no rows: RLS is on, with no policy that allows it."
                ),
            ),
            both!("Crie a política de leitura.", "Create the read policy."),
            sql::let_read(table),
        );
    }
    with_sql(
        Cause::Notice,
        both!(
            format!("A tabela “{table}” está vazia, ou uma política do RLS esconde todas as linhas."),
            format!("The table “{table}” is empty, or an RLS policy hides all its rows."),
        ),
        both!(
            "Se ainda não há dados, está tudo certo. Se há, falta a política de leitura.",
            "If there is no data yet, all is well. If there is, the read policy is missing.",
        ),
        sql::let_read(table),
    )
}

/// How many, as an estimate is told.
fn about(rows: u64) -> String {
    let text = words::number(rows);
    tr!(format!("cerca de {text}"), format!("about {text}"))
}
