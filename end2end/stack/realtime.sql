-- What Supabase Realtime needs, the publication, and in place of what it does, triggers: gateway/realtime.mjs passes on what
-- they tell. Postgres tells the same only once a transaction.
create publication supabase_realtime for table conversations, messages, appointments;

create schema realtime;
create function realtime.tell() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform pg_catalog.pg_notify(
    'realtime',
    pg_catalog.json_build_object('schema', tg_table_schema, 'table', tg_table_name, 'type', tg_op)::text
  );
  return null;
end $$;

create trigger told after insert or update or delete on conversations for each row execute function realtime.tell();
create trigger told after insert or update or delete on messages for each row execute function realtime.tell();
create trigger told after insert or update or delete on appointments for each row execute function realtime.tell();
