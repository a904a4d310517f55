/** Bytes decide the order of keys, whatever the locale of the database. All steps can be repeated. */
export const SCHEMA = `
  create table if not exists base_documents (
    collection text collate "C" not null,
    base text collate "C" not null,
    key text collate "C" not null,
    value jsonb not null,
    expires double precision,
    primary key (collection, base, key)
  );
  create index if not exists base_documents_expires on base_documents (collection, expires) where expires is not null;
  create index if not exists base_documents_value on base_documents using gin (value jsonb_path_ops)`
