#!/bin/sh
# The two roles that Painel needs on Postgres, and its database: one owns the tables, the other serves and can be held to
# row-level security. Run once by the database's container when it is new.
set -eu
psql --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname="${POSTGRES_DB:-postgres}" \
  --set=owner="$PAINEL_OWNER_PASSWORD" --set=app="$PAINEL_APP_PASSWORD" <<'SQL'
create role painel_owner login password :'owner';
create role painel_app login password :'app';
create database painel owner painel_owner;
SQL
