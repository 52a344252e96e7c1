-- From where something was done, where its actor does not say.
ALTER TABLE audit ADD COLUMN origin TEXT NOT NULL DEFAULT '' CHECK (origin IN ('', 'chat', 'console', 'web', 'bot'));

-- One index for each way of looking: by reference, by person, by period. The newest come first.
DROP INDEX audit_of_subject;
CREATE INDEX audit_of_subject ON audit (subject, at, id);
CREATE INDEX audit_of_actor ON audit (actor, at, id);
DROP INDEX audit_by_time;
CREATE INDEX audit_by_time ON audit (at, id);

-- The only way out of the audit. A row inserted here lets go of at most so many of the lines from before a moment, and
-- is gone when the statement that inserted it ends. Each dialect's file has the triggers.
CREATE TABLE audit_retention (
    before {INSTANT} NOT NULL,
    most INTEGER NOT NULL CHECK (most > 0)
) {STRICT};

-- How much each step of retention has erased, by day.
CREATE TABLE retention_sums (
    day {DAY} NOT NULL,
    step TEXT NOT NULL,
    erased {BIG} NOT NULL CHECK (erased > 0),
    PRIMARY KEY (day, step)
) {STRICT};

-- Requests about people's own data. Nothing here names or leads to anybody.
CREATE TABLE privacy_requests (
    id {ID},
    kind TEXT NOT NULL CHECK (kind IN ('copy', 'correction', 'erasure')),
    source TEXT NOT NULL CHECK (source IN ('chat', 'staff')),
    made_at {INSTANT} NOT NULL,
    due {DAY} NOT NULL,
    done_at {INSTANT} CHECK (done_at >= made_at),
    left_over INTEGER NOT NULL DEFAULT 0 CHECK (left_over >= 0)
) {STRICT};
CREATE INDEX privacy_requests_open ON privacy_requests (due, id) WHERE done_at IS NULL;
CREATE INDEX privacy_requests_by_time ON privacy_requests (made_at, id);
CREATE INDEX privacy_requests_by_end ON privacy_requests (done_at, id) WHERE done_at IS NOT NULL;

-- Which messages of staff chats an erasure takes back. The request is done when they are.
CREATE TABLE privacy_take_backs (
    request_id {BIG} NOT NULL REFERENCES privacy_requests (id),
    outbox_key TEXT NOT NULL,
    PRIMARY KEY (request_id, outbox_key)
) {STRICT};

-- Consents that were given and withdrawn, by month in Bahrain ("2026-11") and the person's language.
CREATE TABLE consent_sums (
    month TEXT NOT NULL CHECK (length(month) = 7),
    language TEXT NOT NULL REFERENCES languages (code),
    given {BIG} NOT NULL DEFAULT 0 CHECK (given >= 0),
    withdrawn {BIG} NOT NULL DEFAULT 0 CHECK (withdrawn >= 0),
    PRIMARY KEY (month, language)
) {STRICT};

-- The command lists of members of staff: in their private chat (chat = address) and in the groups of their offices.
-- `change` counts what may have changed a list, `shown_change` up to which of these the channel has been told.
CREATE TABLE command_lists (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    chat TEXT NOT NULL,
    change {BIG} NOT NULL DEFAULT 1,
    shown_change {BIG} NOT NULL DEFAULT 0 CHECK (shown_change <= change),
    shown TEXT NOT NULL DEFAULT '',
    not_before {INSTANT} NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    error TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (channel, address, chat)
) {STRICT};
CREATE INDEX command_lists_owed ON command_lists (not_before) WHERE shown_change < change;
CREATE INDEX command_lists_of_chat ON command_lists (channel, chat);
