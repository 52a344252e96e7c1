-- SQLite cannot change the type of a column, so each table is made anew. No other table refers to any of these.
CREATE TABLE updates_new (
    channel TEXT NOT NULL,
    update_id TEXT NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (channel, update_id)
) STRICT;
INSERT INTO updates_new (channel, update_id, received_at)
    SELECT channel, CAST(update_id AS TEXT), received_at FROM updates;
DROP TABLE updates;
ALTER TABLE updates_new RENAME TO updates;
CREATE INDEX updates_by_age ON updates (received_at);

CREATE TABLE dead_letters_new (
    channel TEXT NOT NULL,
    update_id TEXT NOT NULL,
    raw TEXT NOT NULL,
    tries INTEGER NOT NULL,
    error TEXT NOT NULL,
    first_at TEXT NOT NULL,
    dead_at TEXT,
    replay_at TEXT,
    PRIMARY KEY (channel, update_id)
) STRICT;
INSERT INTO dead_letters_new (channel, update_id, raw, tries, error, first_at, dead_at, replay_at)
    SELECT channel, CAST(update_id AS TEXT), raw, tries, error, first_at, dead_at, replay_at FROM dead_letters;
DROP TABLE dead_letters;
ALTER TABLE dead_letters_new RENAME TO dead_letters;
-- Text does not order updates as they came; the time of the first try does.
CREATE INDEX dead_letters_to_replay ON dead_letters (channel, first_at) WHERE replay_at IS NOT NULL;

CREATE TABLE outbox_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('message', 'notice')),
    payload TEXT NOT NULL,
    urgency INTEGER NOT NULL DEFAULT 0 CHECK (urgency BETWEEN 0 AND 2),
    status TEXT NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'sent', 'failed', 'unreachable', 'superseded', 'dropped')),
    key TEXT UNIQUE,
    supersedes TEXT,
    subject TEXT NOT NULL DEFAULT '',
    resident_id INTEGER REFERENCES residents (id),
    not_before TEXT NOT NULL,
    expires_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    failing_since TEXT,
    error TEXT NOT NULL DEFAULT '',
    message TEXT,
    created_at TEXT NOT NULL,
    sent_at TEXT,
    delete_after INTEGER
) STRICT;
INSERT INTO outbox_new (id, channel, chat, kind, payload, urgency, status, key, supersedes, subject, resident_id,
    not_before, expires_at, attempts, failing_since, error, message, created_at, sent_at, delete_after)
    SELECT id, channel, chat, kind, payload, urgency, status, key, supersedes, subject, resident_id,
        not_before, expires_at, attempts, failing_since, error, CAST(message AS TEXT), created_at, sent_at, delete_after
    FROM outbox;
-- Numbers that were given and whose rows are gone are not given again.
DELETE FROM sqlite_sequence WHERE name = 'outbox_new';
UPDATE sqlite_sequence SET name = 'outbox_new' WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_pending ON outbox (urgency, id) WHERE status = 'pending';
CREATE INDEX outbox_of_chat ON outbox (chat) WHERE status = 'pending';
CREATE INDEX outbox_superseded ON outbox (supersedes) WHERE status = 'pending' AND supersedes IS NOT NULL;
CREATE INDEX outbox_messages ON outbox (channel, chat, message) WHERE message IS NOT NULL;
CREATE INDEX outbox_subjects ON outbox (subject) WHERE subject <> '';
CREATE INDEX outbox_of_resident ON outbox (resident_id, chat);
CREATE INDEX outbox_by_age ON outbox (created_at);

CREATE TABLE staff_chats_new (
    office TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    topic TEXT,
    linked_by TEXT NOT NULL,
    linked_at TEXT NOT NULL
) STRICT;
INSERT INTO staff_chats_new (office, channel, chat, topic, linked_by, linked_at)
    SELECT office, channel, chat, CAST(topic AS TEXT), linked_by, linked_at FROM staff_chats;
DROP TABLE staff_chats;
ALTER TABLE staff_chats_new RENAME TO staff_chats;
CREATE INDEX staff_chats_by_chat ON staff_chats (channel, chat);

CREATE TABLE cards_new (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    office TEXT NOT NULL,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    topic TEXT,
    message TEXT,
    shown TEXT NOT NULL DEFAULT '',
    placed_at TEXT NOT NULL,
    PRIMARY KEY (case_id, office)
) STRICT;
INSERT INTO cards_new (case_id, office, channel, chat, topic, message, shown, placed_at)
    SELECT case_id, office, channel, chat, CAST(topic AS TEXT), CAST(message AS TEXT), shown, placed_at FROM cards;
DROP TABLE cards;
ALTER TABLE cards_new RENAME TO cards;
CREATE INDEX cards_by_message ON cards (channel, chat, message) WHERE message IS NOT NULL;

CREATE TABLE staff_messages_new (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    message TEXT NOT NULL,
    event_id INTEGER NOT NULL REFERENCES case_events (id),
    PRIMARY KEY (channel, chat, message)
) STRICT;
INSERT INTO staff_messages_new (channel, chat, message, event_id)
    SELECT channel, chat, CAST(message AS TEXT), event_id FROM staff_messages;
DROP TABLE staff_messages;
ALTER TABLE staff_messages_new RENAME TO staff_messages;
CREATE INDEX staff_words_of_event ON staff_messages (event_id);

CREATE TABLE staff_searches_new (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    message TEXT NOT NULL,
    words TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    PRIMARY KEY (channel, chat, message)
) STRICT;
INSERT INTO staff_searches_new (channel, chat, message, words, asked_at)
    SELECT channel, chat, CAST(message AS TEXT), words, asked_at FROM staff_searches;
DROP TABLE staff_searches;
ALTER TABLE staff_searches_new RENAME TO staff_searches;
