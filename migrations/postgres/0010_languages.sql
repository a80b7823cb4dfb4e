-- The same columns as sqlite/0010_languages.sql, in Postgres's words. Change both or none.

-- The language that a user chose; without one, each of their browsers says its own.
alter table users add column language text constraint users_language_known check (language in ('pt-BR', 'en'));

-- What a check found, in English too: several people read it. Empty where it was found before there was English.
alter table connection_checks add column what_en text not null default '';
alter table connection_checks add column fix_en text not null default '';
