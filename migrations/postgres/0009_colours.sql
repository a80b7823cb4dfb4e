-- The same column as sqlite/0009_colours.sql, in Postgres's words. Change both or none.

-- The colour of a tenant in the frame, when somebody chose one; else it follows from the slug.
alter table tenants add column colour text constraint tenants_colour_known check (colour in ('teal', 'blue', 'violet', 'pink', 'red', 'amber', 'green', 'slate'));
