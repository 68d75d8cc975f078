-- What is open is known by done_at, which changes once. PostgreSQL then keeps a row's other updates out of its indexes
-- (a heap-only tuple), for which it needs some room in each page.
DROP INDEX outbox_due;
DROP INDEX outbox_order;
CREATE INDEX outbox_due ON outbox (id) WHERE done_at IS NULL;
CREATE INDEX outbox_order ON outbox (address, id) WHERE done_at IS NULL;
/*pg: ALTER TABLE outbox SET (fillfactor = 70); */
