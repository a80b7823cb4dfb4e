-- The roles of a Supabase project. They belong to the cluster, so both projects share them; what keeps
-- the projects apart is that each PostgREST has its own database and its own JWT secret.
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
grant anon, authenticated, service_role to authenticator;

-- Supabase's limits; PostgREST applies those of the role that a request acts as.
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
