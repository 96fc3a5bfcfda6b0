-- breaking: no
-- Up Migration

-- What the last whole pass over the catalogue ended with: the same answer over the same rows needs no comparison.
create table catalogue_seen (
  id       integer primary key check (id = 1),
  digest   text not null,       -- of the folded packages
  packages bigint not null,     -- rows of `packages`
  versions numeric not null     -- sum of their xmin: with as many rows it only grows, whoever writes one
);
