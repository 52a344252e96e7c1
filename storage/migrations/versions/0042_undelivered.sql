-- Messages that failed for good, of which somebody was told.
CREATE TABLE outbox_undelivered (
    outbox_id {BIG} PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE
) {STRICT};
