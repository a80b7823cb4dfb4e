//! What is known of Supabase's gateway and of PostgREST 12 to 16, row by row, and what each must be told as.

use crate::providers::report::Cause;

/// Status, body, cause, a part of what is told.
type Row = (u16, &'static str, Cause, &'static str);

/// The gateway's answers to the first question.
#[rustfmt::skip]
pub(super) const GATEWAY: &[Row] = &[
    (401, r#"{"message":"No API key found in request","hint":"No `apikey` request header or url param was found."}"#, Cause::Unexpected, "não recebeu chave"),
    (401, r#"{"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."}"#, Cause::BadCredential, "não aceita"),
    (401, r#"{"message":"Legacy API keys are disabled","hint":"Your legacy API keys were disabled."}"#, Cause::Expired, "tipo antigo"),
    (401, r#"{"message":"Forbidden use of secret API key in browser","hint":"x"}"#, Cause::TooPowerful, "toda proteção"),
    (401, r#"{"message":"Unauthorized"}"#, Cause::BadCredential, "não aceita"),
    (401, r#"{"message":"Invalid authentication credentials"}"#, Cause::BadCredential, "não aceita"),
    (401, "Unauthorized", Cause::BadCredential, "não aceita"),
    (401, "", Cause::BadCredential, "não aceita"),
    (402, r#"{"message":"exceeded_egress_quota"}"#, Cause::ProviderDown, "fatura"),
    (402, r#"{"message":"overdue_payment"}"#, Cause::ProviderDown, "fatura"),
    (429, "", Cause::RateLimited { retry_after: None }, "menos chamadas"),
    (521, "", Cause::ProviderDown, "pausado"),
    (522, "", Cause::ProviderDown, "pausado"),
    (540, "", Cause::ProviderDown, "pausado"),
];

/// What may come back to the question to a table.
#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    (401, r#"{"code":"PGRST301","details":null,"hint":null,"message":"JWT expired"}"#, Cause::Expired, "venceu"),
    (401, r#"{"code":"PGRST303","details":null,"hint":null,"message":"JWT expired"}"#, Cause::Expired, "venceu"),
    (401, r#"{"code":"PGRST301","details":null,"hint":null,"message":"JWSError JWSInvalidSignature"}"#, Cause::BadCredential, "não aceita"),
    (401, r#"{"code":"PGRST301","details":null,"hint":null,"message":"JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got 1)"}"#, Cause::BadCredential, "não aceita"),
    (401, r#"{"code":"PGRST301","details":null,"hint":null,"message":"Expected 3 parts in JWT; got 1"}"#, Cause::BadCredential, "não aceita"),
    (401, r#"{"code":"PGRST301","details":null,"hint":null,"message":"Empty JWT is sent in Authorization header"}"#, Cause::BadCredential, "não aceita"),
    (401, r#"{"code":"PGRST302","details":null,"hint":null,"message":"Anonymous access is disabled"}"#, Cause::BadCredential, "não aceita"),
    (400, r#"{"code":"22023","details":null,"hint":null,"message":"role \"nosuchrole\" does not exist"}"#, Cause::BadCredential, "não aceita"),
    (401, r#"{"code":"22023","details":null,"hint":null,"message":"role \"nosuchrole\" does not exist"}"#, Cause::BadCredential, "não aceita"),
    (404, r#"{"code":"42P01","details":null,"hint":null,"message":"relation \"public.conversations\" does not exist"}"#, Cause::NotFound, "não existe"),
    (404, r#"{"code":"PGRST205","details":null,"hint":"Perhaps you meant the table 'public.x'","message":"Could not find the table 'public.conversations' in the schema cache"}"#, Cause::NotFound, "não existe"),
    (401, r#"{"code":"42501","details":null,"hint":null,"message":"permission denied for table conversations"}"#, Cause::Forbidden, "permissão de ler"),
    (401, r#"{"code":"42501","details":null,"hint":"Grant the required privileges to the current role with: GRANT SELECT ON public.x TO anon;","message":"permission denied for table x"}"#, Cause::Forbidden, "permissão de ler"),
    (403, r#"{"code":"42501","details":null,"hint":null,"message":"permission denied for table conversations"}"#, Cause::Forbidden, "permissão de ler"),
    (500, r#"{"code":"42P17","details":null,"hint":null,"message":"infinite recursion detected in policy for relation \"conversations\""}"#, Cause::Forbidden, "chama a si mesma"),
    (400, r#"{"code":"42703","details":null,"hint":null,"message":"column messages.nope does not exist"}"#, Cause::NotFound, "Falta uma coluna"),
    (400, r#"{"code":"22P02","details":null,"hint":null,"message":"invalid input syntax for type bigint: \"abc\""}"#, Cause::Unexpected, "não conhece"),
    (400, r#"{"code":"PGRST100","details":"x","hint":null,"message":"\"failed to parse filter (foo.1)\" (line 1, column 1)"}"#, Cause::Unexpected, "não conhece"),
    (400, r#"{"code":"PGRST102","details":null,"hint":null,"message":"Empty or invalid json"}"#, Cause::Unexpected, "não conhece"),
    (406, r#"{"code":"PGRST106","details":null,"hint":null,"message":"The schema must be one of the following: api"}"#, Cause::Forbidden, "esquema"),
    (406, r#"{"code":"PGRST106","details":null,"hint":"Only the following schemas are exposed: api","message":"Invalid schema: public"}"#, Cause::Forbidden, "esquema"),
    (406, r#"{"code":"PGRST116","details":"The result contains 0 rows","hint":null,"message":"Cannot coerce the result to a single JSON object"}"#, Cause::Unexpected, "não conhece"),
    (415, r#"{"code":"PGRST107","details":null,"hint":null,"message":"None of these media types are available"}"#, Cause::Unexpected, "não conhece"),
    (400, r#"{"code":"PGRST123","details":null,"hint":null,"message":"Use of aggregate functions is not allowed"}"#, Cause::Unexpected, "não conhece"),
    (300, r#"{"code":"PGRST201","details":[{"cardinality":"x"}],"hint":"x","message":"x"}"#, Cause::Unexpected, "não conhece"),
    (416, r#"{"code":"PGRST103","details":null,"hint":null,"message":"Requested range not satisfiable"}"#, Cause::Unexpected, "não conhece"),
    (500, r#"{"code":"57014","details":null,"hint":null,"message":"canceling statement due to statement timeout"}"#, Cause::ProviderDown, "limite de tempo"),
    (503, r#"{"code":"PGRST000","details":"db.example:5432","hint":null,"message":"Database connection error. Retrying the connection."}"#, Cause::ProviderDown, "banco de dados"),
    (503, r#"{"code":"PGRST001","details":null,"hint":null,"message":"x"}"#, Cause::ProviderDown, "banco de dados"),
    (503, r#"{"code":"PGRST002","details":null,"hint":null,"message":"x"}"#, Cause::ProviderDown, "banco de dados"),
    (504, r#"{"code":"PGRST003","details":null,"hint":null,"message":"Timed out acquiring connection from connection pool."}"#, Cause::ProviderDown, "conexões livres"),
    (500, r#"{"code":"PGRST300","details":null,"hint":null,"message":"Server lacks JWT secret"}"#, Cause::ProviderDown, "sem a chave"),
    (503, r#"{"code":"08006","details":null,"hint":null,"message":"x"}"#, Cause::ProviderDown, "falha dele"),
    (503, r#"{"code":"53300","details":null,"hint":null,"message":"too many connections"}"#, Cause::ProviderDown, "falha dele"),
    (404, "{}", Cause::NotFound, "não a API"),
    (404, r#"{"code":"PGRST125","details":null,"hint":null,"message":"Invalid path specified in request URL"}"#, Cause::Unexpected, "não conhece"),
    (500, "Something went wrong", Cause::ProviderDown, "falha dele"),
    (544, "", Cause::ProviderDown, "a tempo"),
    (429, "", Cause::RateLimited { retry_after: None }, "menos chamadas"),
    (301, "", Cause::BadAddress, "desvia"),
    (200, "<html>painel</html>", Cause::Unexpected, "não é um projeto Supabase"),
    (200, r#"{"id":1}"#, Cause::Unexpected, "não é um projeto Supabase"),
];

/// Status and body of the root of the API, and whether the key that was sent is a powerful one by that.
#[rustfmt::skip]
pub(super) const ROOT: &[(u16, &str, bool)] = &[
    (200, r#"{"swagger":"2.0"}"#, true),
    (401, r#"{"message":"Invalid API key","hint":"Only the `service_role` API key can be used for this endpoint."}"#, false),
    (401, r#"{"message":"Secret API key required","hint":"Only secret API keys can be used for this endpoint."}"#, false),
    (403, r#"{"message":"Access to schema is forbidden","hint":"Accessing the schema via the Data API is only allowed using a secret API key."}"#, false),
    (403, "RBAC: access denied", false),
    (404, "{}", false),
    (500, "", false),
];
