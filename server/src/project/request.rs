//! What is asked of a project, in types: the layer in front of the `postgrest` crate's builder.
//!
//! Tables come from an enum, columns and orders are text of this code, values are quoted for the place they stand in. The
//! builder composes the query and is never used to send: it works on an address that does not exist, and only its method,
//! query and headers are carried over, in bytes, to a request of [`crate::egress`]. Key and host never enter it.
//! Of the builder, never use `execute`, `auth`, `insert_header` or `limit`; see the value rules in `value`.

use std::{fmt, sync::LazyLock, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use postgrest::{Builder, Postgrest};
use url::Url;

use super::{key::ApiKey, value::Value};
use crate::egress::Outgoing;

/// Composes for all tenants. It holds an HTTP client of its own that stays idle; `.invalid` makes sure of that.
static COMPOSER: LazyLock<Postgrest> = LazyLock::new(|| Postgrest::new("http://composer.invalid"));

/// The tables of a project that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Who is talked with.
    Conversations,
    /// What was said.
    Messages,
    /// What was booked.
    Appointments,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Conversations, Self::Messages, Self::Appointments];

    /// Its name in the project.
    pub fn name(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Messages => "messages",
            Self::Appointments => "appointments",
        }
    }

    /// The columns that a row of ours is made of.
    pub(crate) fn columns(self) -> &'static str {
        match self {
            Self::Conversations => "id,phone,name,status,last_message,created_at,updated_at",
            Self::Messages => "id,conversation_id,direction,content,created_at",
            Self::Appointments => {
                "id,conversation_id,customer_name,customer_phone,service,professional,starts_at,ends_at,status,\
                 price_cents,meet_link"
            }
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

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
    /// `column` compared with a value.
    Is(&'static str, Op, Value),
    /// `column` is null.
    Null(&'static str),
    /// `column` does not begin with this text, in whatever case.
    NotBeginning(&'static str, &'static str),
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
            Self::NotBeginning(column, text) => write!(f, "{column}.not.ilike.\"{text}*\""),
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

/// One read of one table, being composed.
pub(super) struct Query {
    builder: Builder,
    table: Table,
    limit: u32,
    offset: u64,
    count: bool,
    name: Option<&'static str>,
}

impl Query {
    /// Starts a read. `order` must end in a unique column, or pages overlap.
    pub(super) fn new(table: Table, columns: &'static str, order: &'static str, limit: u32) -> Self {
        let builder = COMPOSER.from(table.name()).select(columns).order(order);
        Self { builder, table, limit, offset: 0, count: false, name: None }
    }

    /// Gives it a name by which it is the same question at any time, though an instant stands in it.
    pub(super) fn known_as(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// By what two questions to a project are the same.
    pub(super) fn question(&self) -> String {
        match self.name {
            Some(name) => format!("{name} {}", self.limit),
            None => {
                let composed = self.builder.clone().build().build().expect("a composed request is a valid one");
                let words = composed.url().query().unwrap_or_default();
                format!("{} {words} {} {} {}", self.table, self.limit, self.offset, self.count)
            }
        }
    }

    /// Only rows whose column compares so; several of these must all hold.
    pub(super) fn filter(mut self, column: &'static str, op: Op, value: impl Into<Value>) -> Self {
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
    pub(super) fn one_of(mut self, column: &'static str, values: &[Value]) -> Self {
        // The builder joins them with commas and nothing else.
        self.builder = self.builder.in_(column, values.iter().map(Value::quoted));
        self
    }

    /// Only rows with something in the column.
    pub(super) fn not_null(mut self, column: &'static str) -> Self {
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
        self.builder = self.builder.and(Joined(conditions).to_string());
        self
    }

    /// Leaves out so many rows at the beginning.
    pub(super) fn offset(mut self, rows: u64) -> Self {
        self.offset = rows;
        self
    }

    /// Asks for the exact number of rows, whatever the limit.
    pub(super) fn counted(mut self) -> Self {
        self.count = true;
        self
    }

    /// The table it reads.
    pub(super) fn table(&self) -> Table {
        self.table
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
        if self.count {
            headers.insert("prefer", HeaderValue::from_static("count=exact"));
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
            path.pop_if_empty().extend(["rest", "v1", self.table.name()]);
        }
        url.set_query(query);
        url.query_pairs_mut().append_pair("limit", &self.limit.to_string());
        if self.offset > 0 {
            url.query_pairs_mut().append_pair("offset", &self.offset.to_string());
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &Query) -> String {
        let key = ApiKey::new("sb_publishable_x".into()).unwrap();
        let base = Url::parse("https://abc.supabase.co").unwrap();
        query.outgoing(&base, &key, Duration::from_secs(5)).url.to_string()
    }

    #[test]
    fn values_are_raw_alone_and_quoted_in_brackets() {
        let nasty = Value::text(r#"+55 "a",b\(c)&d=e#é"#).unwrap();
        let query = Query::new(Table::Conversations, "id", "id.asc", 1);
        let query =
            query.filter("phone", Op::Eq, nasty.clone()).one_of("name", &[nasty.clone(), Value::text("x").unwrap()]);
        let url = Url::parse(&asked(&query.any(&[Condition::Is("name", Op::Gt, nasty)]))).unwrap();
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
        let query = Query::new(Table::Messages, "id", "id.asc", 1);
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
        let query = Query::new(Table::Messages, "id", "id.asc", 1000).counted().offset(1000);
        let outgoing = query.outgoing(&base, &key, Duration::from_secs(5));
        let mut names: Vec<_> = outgoing.headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "apikey", "prefer"]);
        assert_eq!(outgoing.headers["accept"], "application/json");
        assert_eq!(outgoing.headers["prefer"], "count=exact");
        assert_eq!(outgoing.url.query(), Some("select=id&order=id.asc&limit=1000&offset=1000"));
    }
}
