-- When the bot last heard from Telegram, and for how long it did not.
CREATE TABLE sign_of_life (
    id {BIG} PRIMARY KEY CHECK (id = 1),
    at {INSTANT} NOT NULL
) {STRICT};
CREATE TABLE outages (
    began_at {INSTANT} PRIMARY KEY,
    ended_at {INSTANT} NOT NULL CHECK (ended_at > began_at)
) {STRICT};
