-- What a member of staff may do, and where: an empty office is every office. A row is never deleted; it is revoked.
CREATE TABLE staff_roles (
    id {ID},
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    office TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL CHECK (role IN ('agent', 'manager', 'director', 'council', 'admin')),
    granted_by TEXT NOT NULL,
    granted_at {INSTANT} NOT NULL,
    revoked_at {INSTANT}
) {STRICT};

CREATE UNIQUE INDEX one_live_role ON staff_roles (channel, address, office, role) WHERE revoked_at IS NULL;
CREATE INDEX roles_of_office ON staff_roles (office) WHERE revoked_at IS NULL;

-- What everybody who acted at a desk calls themselves: cards and lists show it.
CREATE TABLE staff_names (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (channel, address)
) {STRICT};

-- One-time invitations; `code` is what the link carries.
CREATE TABLE staff_invites (
    code TEXT PRIMARY KEY,
    office TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL CHECK (role IN ('agent', 'manager', 'director', 'council', 'admin')),
    made_by TEXT NOT NULL,
    made_at {INSTANT} NOT NULL,
    expires_at {INSTANT} NOT NULL,
    used_by TEXT NOT NULL DEFAULT '',
    used_at {INSTANT},
    CHECK ((used_by = '') = (used_at IS NULL))
) {STRICT};

-- Where an office's team works: a group, or a topic of a forum. Wins over the settings and the offices file.
CREATE TABLE staff_chats (
    office TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    topic {BIG},
    linked_by TEXT NOT NULL,
    linked_at {INSTANT} NOT NULL
) {STRICT};

CREATE INDEX staff_chats_by_chat ON staff_chats (channel, chat);

-- The living card of a case at an office: one message, edited in place. `message` is known once it was sent; a case
-- that was handed on leaves a card behind at the office it came from.
CREATE TABLE cards (
    case_id {BIG} NOT NULL REFERENCES cases (id),
    office TEXT NOT NULL,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    topic {BIG},
    message {BIG},
    shown TEXT NOT NULL DEFAULT '', -- the digest of what it was last made to show: the same is not sent twice
    placed_at {INSTANT} NOT NULL,
    PRIMARY KEY (case_id, office)
) {STRICT};

CREATE INDEX cards_by_message ON cards (channel, chat, message) WHERE message IS NOT NULL;

-- What a member is in the middle of in a chat: JSON that `conversations.desk` reads.
CREATE TABLE staff_talks (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    updated_at {INSTANT} NOT NULL,
    PRIMARY KEY (channel, chat, address)
) {STRICT};

-- The message in a staff chat that became a question, a reply or a note: by it an edit of the message is understood.
CREATE TABLE staff_words (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    message {BIG} NOT NULL,
    event_id {BIG} NOT NULL REFERENCES case_events (id),
    PRIMARY KEY (channel, chat, message)
) {STRICT};

CREATE INDEX staff_words_of_event ON staff_words (event_id);

-- What an event says in each language, where it was written in more than the one its row holds: a template.
CREATE TABLE event_texts (
    event_id {BIG} NOT NULL REFERENCES case_events (id),
    language TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (event_id, language)
) {STRICT};

-- What staff find a case by: its words as `services.words.normalise` writes them. Empty (NULL) until the clock has
-- written it, and again where what it was made from was erased.
ALTER TABLE cases ADD COLUMN search TEXT;

CREATE INDEX cases_to_index ON cases (id) WHERE search IS NULL;
CREATE INDEX cases_open ON cases (office, close_due) WHERE closed_at IS NULL;
CREATE INDEX cases_by_phone ON cases (phone) WHERE phone <> '';
CREATE INDEX cases_by_block ON cases (block) WHERE block IS NOT NULL;
CREATE INDEX bookings_by_phone ON bookings (phone) WHERE phone <> '';
-- Not only of channel 'desk': where an index names a value, SQLite plans anew each statement that binds that column.
CREATE INDEX callers ON residents (channel, seen_at) WHERE forgotten_at IS NULL;
CREATE INDEX residents_by_phone ON residents (phone, channel) WHERE phone <> '';

-- How many seconds after it was sent a message is to be deleted again: what names a person does not stay in a chat.
ALTER TABLE outbox ADD COLUMN vanishes INTEGER;

CREATE INDEX audit_by_time ON audit (at);
