-- What an office tells many residents at once. An empty office means every office. `texts`, `files`, `buttons` and
-- `audience` are JSON. `subject` is what it is about ("session:12"), and `occasion` what happened to that.
CREATE TABLE announcements (
    id {ID},
    kind TEXT NOT NULL CHECK (kind IN ('news', 'session', 'improvement')),
    status TEXT NOT NULL CHECK (status IN ('draft', 'awaiting_approval', 'scheduled', 'sending', 'paused', 'sent',
        'correcting', 'recalling', 'cancelled', 'recalled')),
    office TEXT NOT NULL DEFAULT '',
    author TEXT NOT NULL,
    texts TEXT NOT NULL DEFAULT '{}',
    files TEXT NOT NULL DEFAULT '[]',
    buttons TEXT NOT NULL DEFAULT '[]',
    audience TEXT NOT NULL DEFAULT '{}',
    language_left_out TEXT NOT NULL DEFAULT '',
    emergency {FLAG} NOT NULL DEFAULT FALSE,
    paid {FLAG} NOT NULL DEFAULT FALSE CHECK (emergency OR NOT paid),
    send_at {INSTANT},
    expires_at {INSTANT},
    subject TEXT NOT NULL DEFAULT '',
    occasion TEXT NOT NULL DEFAULT '' CHECK (occasion IN ('', 'opened', 'filling_slowly', 'moved', 'called_off')),
    version INTEGER NOT NULL DEFAULT 1,
    -- A second person's consent, to which version of it and when. Nobody consents to their own.
    asked_at {INSTANT},
    approved_by TEXT NOT NULL DEFAULT '',
    approved_at {INSTANT},
    approved_version INTEGER,
    -- The audience is gone through by the residents' ids: `last` is the greatest there was when it began, `counted_to`
    -- how far it has been counted, `fed_to` how far it has been owed, `walked_to` how far a correction or a recall is.
    last {BIG},
    counted_to {BIG} NOT NULL DEFAULT 0,
    fed_to {BIG} NOT NULL DEFAULT 0,
    walked_to {BIG},
    edition INTEGER NOT NULL DEFAULT 1, -- of its text: grows with each correction
    total {BIG} NOT NULL DEFAULT 0,
    sent {BIG} NOT NULL DEFAULT 0,
    failed {BIG} NOT NULL DEFAULT 0,
    unreachable {BIG} NOT NULL DEFAULT 0,
    skipped {BIG} NOT NULL DEFAULT 0,
    corrected {BIG} NOT NULL DEFAULT 0,
    recalled {BIG} NOT NULL DEFAULT 0,
    kept {BIG} NOT NULL DEFAULT 0, -- messages that were too old to be taken back
    came_later {BIG} NOT NULL DEFAULT 0, -- residents who came after it began, and were not told
    pace {REAL} NOT NULL DEFAULT 0, -- messages a second, lately
    paced_at {INSTANT},
    paced_done {BIG} NOT NULL DEFAULT 0,
    progress_message TEXT, -- that shows its author how far it is
    started_at {INSTANT},
    finished_at {INSTANT},
    created_at {INSTANT} NOT NULL,
    updated_at {INSTANT} NOT NULL,
    CHECK (approved_by <> author),
    CHECK ((approved_by = '') = (approved_at IS NULL)),
    CHECK ((approved_by = '') = (approved_version IS NULL)),
    CHECK (sent + failed + unreachable + skipped <= total)
) {STRICT};

CREATE INDEX announcements_of_office ON announcements (office, created_at);
CREATE INDEX announcements_at_work ON announcements (status, send_at)
    WHERE finished_at IS NULL AND status IN ('scheduled', 'sending', 'paused', 'correcting', 'recalling', 'cancelled');
-- One draft for each thing that happens to a session.
CREATE UNIQUE INDEX one_draft_of_occasion ON announcements (subject, occasion) WHERE occasion <> '';

-- Everybody who is to be told, and what became of it. `message` is the one that bears the words.
CREATE TABLE announcement_recipients (
    announcement_id {BIG} NOT NULL REFERENCES announcements (id),
    resident_id {BIG} NOT NULL REFERENCES residents (id),
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'owed', 'sent', 'failed', 'unreachable',
        'skipped', 'recalling', 'recalled', 'kept')),
    edition INTEGER NOT NULL DEFAULT 0,
    message TEXT,
    sent_at {INSTANT},
    PRIMARY KEY (announcement_id, resident_id)
) {STRICT};

CREATE INDEX recipients_under_way ON announcement_recipients (announcement_id, resident_id)
    WHERE state IN ('owed', 'recalling');

-- Public channels in which an announcement is also posted, once in each.
CREATE TABLE announcement_posts (
    announcement_id {BIG} NOT NULL REFERENCES announcements (id),
    chat TEXT NOT NULL,
    edition INTEGER NOT NULL,
    PRIMARY KEY (announcement_id, chat)
) {STRICT};

-- Who tapped which button of an announcement, the first time.
CREATE TABLE announcement_taps (
    announcement_id {BIG} NOT NULL REFERENCES announcements (id),
    resident_id {BIG} NOT NULL REFERENCES residents (id),
    button INTEGER NOT NULL CHECK (button >= 0),
    at {INSTANT} NOT NULL,
    PRIMARY KEY (announcement_id, resident_id, button)
) {STRICT};

CREATE INDEX taps_of_resident ON announcement_taps (resident_id);

-- An audience is counted from these alone.
CREATE INDEX residents_as_audience ON residents (office, language, wants_news, reachable, channel)
    WHERE forgotten_at IS NULL;
CREATE INDEX bookings_confirmed_by ON bookings (resident_id, confirmed_at) WHERE confirmed_at IS NOT NULL;
CREATE INDEX cases_as_audience ON cases (category, block, resident_id, closed_at);
CREATE INDEX cases_open_by ON cases (resident_id, category, block) WHERE closed_at IS NULL;

CREATE INDEX announcements_finished ON announcements (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX taps_by_time ON announcement_taps (at);

-- How often the times of a session were changed after it was planned.
ALTER TABLE sessions ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
