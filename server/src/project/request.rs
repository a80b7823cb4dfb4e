//! What is asked of a project, in types: the layer in front of the `postgrest` crate's builder.
//!
//! Tables, columns and orders come from a mapping that was checked, in PostgREST's own quotes; values are quoted for the
//! place they stand in. The builder composes the query and is never used to send: it works on an address that does not exist, and only its method,
//! query and headers are carried over, in bytes, to a request of [`crate::egress`]. Key and host never enter it.
//! Of the builder, never use `execute`, `auth`, `insert_header` or `limit` (`clippy.toml` forbids them); see the value rules
//! in `value`.

use std::{fmt, sync::LazyLock, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use postgrest::{Builder, Postgrest};
use url::{Url, form_urlencoded};

use super::{key::ApiKey, value::Value};
use crate::{
    egress::Outgoing,
    mapping::{self, Is, Part, Table, quoted},
};

/// Composes for all tenants. It holds an HTTP client of its own that stays idle; `.invalid` makes sure of that.
static COMPOSER: LazyLock<Postgrest> = LazyLock::new(|| Postgrest::new("http://composer.invalid"));

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Gt,
    Gte,
    Lt,
    Lte,
}

impl Op {
    fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Lt => "lt",
            Self::Lte => "lte",
        }
    }
}

/// A condition that can stand inside `or` and `and`.
pub(super) enum Condition {
    /// A column compared with a value.
    Is(String, Op, Value),
    /// A column is null.
    Null(String),
    /// A column is not null.
    Something(String),
    /// A column has one of these values.
    OneOf(String, Vec<Value>),
    /// A column is like this pattern, whatever its case.
    Like(String, Value),
    /// All of them.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(column, op, value) => write!(f, "{column}.{}.{}", op.name(), value.quoted()),
            Self::Null(column) => write!(f, "{column}.is.null"),
            Self::Something(column) => write!(f, "{column}.not.is.null"),
            Self::OneOf(column, values) => {
                let values: Vec<String> = values.iter().map(Value::quoted).collect();
                write!(f, "{column}.in.({})", values.join(","))
            }
            Self::Like(column, pattern) => write!(f, "{column}.ilike.{}", pattern.quoted()),
            Self::All(conditions) => write!(f, "and({})", Joined(conditions)),
            Self::Any(conditions) => write!(f, "or({})", Joined(conditions)),
        }
    }
}

struct Joined<'a>(&'a [Condition]);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, condition) in self.0.iter().enumerate() {
            write!(f, "{}{condition}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// What more must hold of the rows that are read.
#[derive(Default)]
pub(super) struct Extra {
    /// Of their own columns.
    pub(super) all: Vec<Condition>,
    /// The name of a related table, and what one of its rows must be like for [`FOUND`] to be something.
    pub(super) related: Option<(String, Vec<Condition>)>,
    /// Set when they hold of no row without a time.
    pub(super) within: bool,
    /// What none of a person's messages may be, where people are gathered from messages. Empty for nothing.
    pub(super) never: Vec<Condition>,
}

/// The column that tells whether a row has a related one that is looked for.
pub(super) const FOUND: &str = "found";

/// The beginning of the names of related tables without whose rows a row is not meant.
const MEANT: &str = "meant";

/// One read of one table, being composed. Columns are in PostgREST's own quotes, where they need some.
#[derive(Clone)]
pub(super) struct Query {
    builder: Builder,
    part: Part,
    table: String,
    schema: Option<String>,
    only: Vec<mapping::Condition>,
    limit: u32,
    offset: u64,
    count: Option<&'static str>,
    name: Option<&'static str>,
    related: Option<(String, String)>,
}

impl Query {
    /// Starts a read of those rows of a table that are meant. `order` must end in a unique column, or pages overlap.
    pub(super) fn new(part: Part, table: &Table, columns: &str, order: &str, limit: u32) -> Self {
        let joined = table.joined();
        let mut builder = COMPOSER.from(part.name()).select(selected(columns, &joined));
        if !order.is_empty() {
            builder = builder.order(order);
        }
        for condition in &table.only {
            let column = compared(condition, &joined);
            builder = match &condition.is {
                Is::Equal(value) => builder.eq(column, value),
                Is::Null => builder.is(column, "null"),
                Is::Something => builder.not("is", column, "null"),
            };
        }
        let (only, schema) = (table.only.clone(), table.schema.clone());
        let table = table.name.clone();
        Self { builder, part, table, schema, only, limit, offset: 0, count: None, name: None, related: None }
    }

    /// Gives it a name by which it is the same question at any time, though an instant stands in it.
    pub(super) fn known_as(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// By what two questions to a project are the same.
    pub(super) fn question(&self) -> String {
        let composed = self.builder.clone().build().build().expect("a composed request is a valid one");
        let mut words = composed.url().query().unwrap_or_default().to_owned();
        if self.name.is_some() {
            // The conditions hold an instant, but for the fixed ones; the columns are the first of the words.
            words = format!("{} {:?}", words.split('&').next().unwrap_or_default(), self.only);
        }
        let Self { table, schema, limit, offset, count, name, related, .. } = self;
        format!("{schema:?} {table} {name:?} {words} {related:?} {limit} {offset} {count:?}")
    }

    /// Only rows whose column compares so; several of these must all hold.
    pub(super) fn filter(mut self, column: &str, op: Op, value: impl Into<Value>) -> Self {
        let value = value.into();
        let builder = self.builder;
        self.builder = match op {
            Op::Eq => builder.eq(column, value.raw()),
            Op::Gt => builder.gt(column, value.raw()),
            Op::Gte => builder.gte(column, value.raw()),
            Op::Lt => builder.lt(column, value.raw()),
            Op::Lte => builder.lte(column, value.raw()),
        };
        self
    }

    /// Only rows whose column has one of these values.
    pub(super) fn one_of(mut self, column: &str, values: &[Value]) -> Self {
        // The builder joins them with commas and nothing else.
        self.builder = self.builder.in_(column, values.iter().map(Value::quoted));
        self
    }

    /// Only rows with something in the column.
    pub(super) fn not_null(mut self, column: &str) -> Self {
        self.builder = self.builder.not("is", column, "null");
        self
    }

    /// Only rows for which at least one condition holds.
    pub(super) fn any(mut self, conditions: &[Condition]) -> Self {
        self.builder = self.builder.or(Joined(conditions).to_string());
        self
    }

    /// Only rows for which all conditions hold.
    pub(super) fn all(mut self, conditions: &[Condition]) -> Self {
        if conditions.is_empty() {
            return self;
        }
        self.builder = self.builder.and(Joined(conditions).to_string());
        self
    }

    /// Only rows for which this holds too.
    pub(super) fn under(self, extra: &Extra) -> Self {
        let mut query = self.all(&extra.all);
        if let Some((table, any)) = &extra.related {
            query.related = Some((table.clone(), format!("({})", Joined(any))));
        }
        query
    }

    /// Leaves out so many rows at the beginning.
    pub(super) fn offset(mut self, rows: u64) -> Self {
        self.offset = rows;
        self
    }

    /// Asks for the exact number of rows, whatever the limit.
    pub(super) fn counted(mut self) -> Self {
        self.count = Some("count=exact");
        self
    }

    /// Asks about how many rows there are, whatever the limit: what the database's planner thinks, exact where they are few.
    pub(super) fn estimated(mut self) -> Self {
        self.count = Some("count=estimated");
        self
    }

    /// What its rows become.
    pub(super) fn part(&self) -> Part {
        self.part
    }

    /// The request, to be sent to the project at `base`.
    pub(super) fn outgoing(&self, base: &Url, key: &ApiKey, deadline: Duration) -> Outgoing {
        let composed = self.builder.clone().build().build().expect("a composed request is a valid one");
        let mut headers = HeaderMap::new();
        for (name, value) in composed.headers() {
            // Two generations of the `http` crate meet here; what one accepts as bytes the other does too.
            let name = HeaderName::from_bytes(name.as_str().as_bytes()).expect("a header name");
            headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
        }
        if let Some(count) = self.count {
            headers.insert("prefer", HeaderValue::from_static(count));
        }
        if let Some(schema) = self.schema.as_deref().and_then(|schema| HeaderValue::from_bytes(schema.as_bytes()).ok())
        {
            headers.insert("accept-profile", schema);
        }
        key.put_into(&mut headers);
        let method = Method::from_bytes(composed.method().as_str().as_bytes()).expect("a method");
        let url = self.url(base, composed.url().query());
        Outgoing { method, url, headers, body: None, deadline: Some(deadline) }
    }

    /// Limit and offset stand in the query, as every other client of Supabase has them: a `Range` header is ignored on
    /// HEAD and may be taken for a range of bytes by what stands between.
    fn url(&self, base: &Url, query: Option<&str>) -> Url {
        let mut url = base.clone();
        url.set_fragment(None);
        // An address without a path (`mailto:`) is refused when it is sent.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["rest", "v1", &self.table]);
        }
        match (&self.related, query) {
            (Some((table, any)), Some(query)) => {
                // The related table once more, under a name of its own: its rows are looked for, and not read.
                let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
                let mut all = url.query_pairs_mut();
                for (name, value) in pairs {
                    let found = if name == "select" { format!(",{FOUND}:{table}()") } else { String::new() };
                    all.append_pair(&name, &(value + &found));
                }
                all.append_pair(&format!("{FOUND}.or"), any);
            }
            _ => url.set_query(query),
        }
        url.query_pairs_mut().append_pair("limit", &self.limit.to_string());
        if self.offset > 0 {
            url.query_pairs_mut().append_pair("offset", &self.offset.to_string());
        }
        url
    }
}

/// Columns, and the related tables in which a row must have what is meant: under names of their own, and nothing of theirs
/// is read.
fn selected(columns: &str, joined: &[&str]) -> String {
    let joined = joined.iter().enumerate().map(|(at, table)| format!(",{MEANT}{at}:{}!inner()", quoted(table)));
    [columns.to_owned()].into_iter().chain(joined).collect()
}

/// The column of a fixed condition; one of a related table by the name that [`selected`] gives the table.
fn compared(condition: &mapping::Condition, joined: &[&str]) -> String {
    let column = quoted(&condition.column);
    let at = condition.of.as_deref().and_then(|of| joined.iter().position(|table| *table == of));
    at.map_or_else(|| column.clone(), |at| format!("{MEANT}{at}.{column}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(part: Part, columns: &str, limit: u32) -> Query {
        Query::new(part, &Table::named(part.name()), columns, "id.asc", limit)
    }

    fn asked(query: &Query) -> String {
        let key = ApiKey::new("sb_publishable_x".into()).unwrap();
        let base = Url::parse("https://abc.supabase.co").unwrap();
        query.outgoing(&base, &key, Duration::from_secs(5)).url.to_string()
    }

    #[test]
    fn values_are_raw_alone_and_quoted_in_brackets() {
        let nasty = Value::text(r#"+55 "a",b\(c)&d=e#é"#).unwrap();
        let query = read(Part::Conversations, "id", 1);
        let query =
            query.filter("phone", Op::Eq, nasty.clone()).one_of("name", &[nasty.clone(), Value::text("x").unwrap()]);
        let url = Url::parse(&asked(&query.any(&[Condition::Is("name".to_owned(), Op::Gt, nasty)]))).unwrap();
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let expected = [
            ("select", "id"),
            ("order", "id.asc"),
            ("phone", r#"eq.+55 "a",b\(c)&d=e#é"#),
            ("name", r#"in.("+55 \"a\",b\\(c)&d=e#é","x")"#),
            ("or", r#"(name.gt."+55 \"a\",b\\(c)&d=e#é")"#),
            ("limit", "1"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn the_address_is_the_projects_whatever_its_shape() {
        let key = ApiKey::new("k".into()).unwrap();
        let query = read(Part::Messages, "id", 1);
        for (base, expected) in [
            ("https://abc.supabase.co", "https://abc.supabase.co/rest/v1/messages?select=id&order=id.asc&limit=1"),
            ("https://abc.supabase.co/", "https://abc.supabase.co/rest/v1/messages?select=id&order=id.asc&limit=1"),
            ("http://127.0.0.1:54321/?a=b#c", "http://127.0.0.1:54321/rest/v1/messages?select=id&order=id.asc&limit=1"),
            (
                "https://x.example/supabase/",
                "https://x.example/supabase/rest/v1/messages?select=id&order=id.asc&limit=1",
            ),
        ] {
            let outgoing = query.outgoing(&Url::parse(base).unwrap(), &key, Duration::from_secs(5));
            assert_eq!(outgoing.url.as_str(), expected);
            assert_eq!(outgoing.method, Method::GET);
        }
    }

    #[test]
    fn headers_are_the_builders_the_count_and_the_key() {
        let key = ApiKey::new("sb_publishable_x".into()).unwrap();
        let base = Url::parse("https://abc.supabase.co").unwrap();
        let query = read(Part::Messages, "id", 1000).counted().offset(1000);
        let outgoing = query.outgoing(&base, &key, Duration::from_secs(5));
        let mut names: Vec<_> = outgoing.headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "apikey", "prefer"]);
        assert_eq!(outgoing.headers["accept"], "application/json");
        assert_eq!(outgoing.headers["prefer"], "count=exact");
        assert_eq!(outgoing.url.query(), Some("select=id&order=id.asc&limit=1000&offset=1000"));
    }

    #[test]
    fn tables_of_any_name_and_schema_and_only_the_rows_that_are_meant() {
        let condition = |column: &str, is| mapping::Condition { column: column.to_owned(), of: None, is };
        let table = Table {
            name: "Clientes WhatsApp/é".to_owned(),
            schema: Some("clientes".to_owned()),
            only: vec![
                condition("client id", Is::Equal("7&x=y".to_owned())),
                condition("deleted_at", Is::Null),
                condition("order", Is::Something),
            ],
        };
        let query = Query::new(Part::Conversations, &table, "id", "\"Data Hora\".desc,id.desc", 5);
        let key = ApiKey::new("k".into()).unwrap();
        let outgoing = query.outgoing(&Url::parse("https://abc.supabase.co").unwrap(), &key, Duration::from_secs(5));
        assert_eq!(outgoing.url.path(), "/rest/v1/Clientes%20WhatsApp%2F%C3%A9");
        assert_eq!(outgoing.headers["accept-profile"], "clientes");
        let pairs: Vec<(String, String)> = outgoing.url.query_pairs().into_owned().collect();
        let expected = [
            ("select", "id"),
            ("order", "\"Data Hora\".desc,id.desc"),
            ("\"client id\"", "eq.7&x=y"),
            ("deleted_at", "is.null"),
            ("\"order\"", "not.is.null"),
            ("limit", "5"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_condition_of_a_related_table_leaves_out_rows_without_it_and_is_part_of_the_question() {
        let of = |table: &str, column: &str, is| mapping::Condition {
            column: column.to_owned(),
            of: Some(table.to_owned()),
            is,
        };
        let mut table = Table::named("messages");
        table.only = vec![
            of("conversations", "client_id", Is::Equal("7".to_owned())),
            of("Contas Ativas", "Apagada em", Is::Null),
            of("conversations", "deleted_at", Is::Null),
        ];
        let query = Query::new(Part::Messages, &table, "id", "id.desc", 5);
        let url = Url::parse(&asked(&query)).unwrap();
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let expected = [
            ("select", "id,meant0:conversations!inner(),meant1:\"Contas Ativas\"!inner()"),
            ("order", "id.desc"),
            ("meant0.client_id", "eq.7"),
            ("meant1.\"Apagada em\"", "is.null"),
            ("meant0.deleted_at", "is.null"),
            ("limit", "5"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        // What is kept for one client never stands in for another, under whatever name it is asked.
        let before = query.known_as("upcoming").question();
        table.only[0].is = Is::Equal("8".to_owned());
        let after = Query::new(Part::Messages, &table, "id", "id.desc", 5).known_as("upcoming").question();
        assert_ne!(before, after);
    }
}
