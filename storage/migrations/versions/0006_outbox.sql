-- Whose messages: a resident's own, and those to a chat that were owed to nobody known.
CREATE INDEX outbox_of_resident ON outbox (resident_id, chat);
CREATE INDEX outbox_by_age ON outbox (created_at);
-- Callers are let go of by the hundred, and each of them has none.
CREATE INDEX ratings_of_resident ON ratings (resident_id);
