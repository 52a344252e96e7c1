-- People. `address` is the channel's own id for ever; `forgotten_at` marks an erased identity.
CREATE TABLE residents (
    id {ID},
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL CHECK (language IN ('ar', 'en')),
    digits TEXT NOT NULL DEFAULT 'latin' CHECK (digits IN ('latin', 'arabic')),
    phone TEXT NOT NULL DEFAULT '',
    phone_own {FLAG} NOT NULL DEFAULT FALSE,
    office TEXT NOT NULL DEFAULT '',
    consented_at {INSTANT},
    reachable {FLAG} NOT NULL DEFAULT TRUE,
    wants_reminders {FLAG} NOT NULL DEFAULT TRUE,
    wants_progress {FLAG} NOT NULL DEFAULT TRUE,
    wants_news {FLAG} NOT NULL DEFAULT TRUE,
    source TEXT NOT NULL DEFAULT '',
    barred_until {INSTANT},
    barred_reason TEXT NOT NULL DEFAULT '',
    created_at {INSTANT} NOT NULL,
    seen_at {INSTANT} NOT NULL,
    forgotten_at {INSTANT},
    UNIQUE (channel, address)
) {STRICT};

-- Where each person's conversation stands. `step` and `parked` are JSON of conversations.step.
CREATE TABLE conversations (
    resident_id {BIG} PRIMARY KEY REFERENCES residents (id),
    step TEXT NOT NULL,
    turn INTEGER NOT NULL DEFAULT 0,
    offered TEXT NOT NULL DEFAULT '[]',
    parked TEXT NOT NULL DEFAULT '[]',
    last_choice TEXT NOT NULL DEFAULT '',
    album TEXT NOT NULL DEFAULT '',
    keyboard {FLAG} NOT NULL DEFAULT FALSE,
    updated_at {INSTANT} NOT NULL
) {STRICT};

-- Updates already handled: a repeat has no effect.
CREATE TABLE updates (
    channel TEXT NOT NULL,
    update_id {BIG} NOT NULL,
    received_at {INSTANT} NOT NULL,
    PRIMARY KEY (channel, update_id)
) {STRICT};

CREATE INDEX updates_by_age ON updates (received_at);

-- Updates that failed, and after a few tries were set aside.
CREATE TABLE parked_updates (
    channel TEXT NOT NULL,
    update_id {BIG} NOT NULL,
    raw TEXT NOT NULL,
    tries INTEGER NOT NULL,
    error TEXT NOT NULL,
    first_at {INSTANT} NOT NULL,
    parked_at {INSTANT},
    PRIMARY KEY (channel, update_id)
) {STRICT};

-- Messages owed. `key` makes one of a kind; a newer row of the same `supersedes` takes an unsent older one's place.
CREATE TABLE outbox (
    id {ID},
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
    resident_id {BIG} REFERENCES residents (id),
    not_before {INSTANT} NOT NULL,
    expires_at {INSTANT},
    attempts INTEGER NOT NULL DEFAULT 0,
    failing_since {INSTANT},
    error TEXT NOT NULL DEFAULT '',
    message {BIG},
    created_at {INSTANT} NOT NULL,
    sent_at {INSTANT}
) {STRICT};

CREATE INDEX outbox_pending ON outbox (urgency, id) WHERE status = 'pending';
CREATE INDEX outbox_of_chat ON outbox (chat) WHERE status = 'pending';
CREATE INDEX outbox_superseded ON outbox (supersedes) WHERE status = 'pending' AND supersedes IS NOT NULL;
CREATE INDEX outbox_messages ON outbox (channel, chat, message) WHERE message IS NOT NULL;
CREATE INDEX outbox_subjects ON outbox (subject) WHERE subject <> '';

-- Groups that became supergroups: their old address and the new.
CREATE TABLE moved_chats (
    channel TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    at {INSTANT} NOT NULL,
    PRIMARY KEY (channel, old)
) {STRICT};

-- Customer Day: a session of one office and lane on one day, and its slots.
CREATE TABLE sessions (
    id {ID},
    office TEXT NOT NULL,
    lane TEXT NOT NULL,
    day {DAY} NOT NULL,
    opens_at {INSTANT} NOT NULL,
    closes_at {INSTANT} NOT NULL,
    lead_hours INTEGER NOT NULL DEFAULT 2,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    closed_reason_ar TEXT NOT NULL DEFAULT '',
    closed_reason_en TEXT NOT NULL DEFAULT '',
    nonce TEXT NOT NULL,
    created_at {INSTANT} NOT NULL,
    CHECK (opens_at < closes_at),
    UNIQUE (office, lane, day)
) {STRICT};

CREATE TABLE slots (
    id {ID},
    session_id {BIG} NOT NULL REFERENCES sessions (id),
    starts_at {INSTANT} NOT NULL,
    ends_at {INSTANT} NOT NULL,
    capacity INTEGER NOT NULL CHECK (capacity >= 0), -- 0: no longer given, though people may still have its seats
    released_at {INSTANT} NOT NULL,
    bookable_until {INSTANT} NOT NULL,
    CHECK (starts_at < ends_at),
    UNIQUE (session_id, starts_at)
) {STRICT};

-- A row is never deleted: it changes its status, and keeps its reference when moved.
CREATE TABLE bookings (
    id {ID},
    reference TEXT NOT NULL UNIQUE,
    office TEXT NOT NULL,
    session_id {BIG} NOT NULL REFERENCES sessions (id),
    slot_id {BIG} REFERENCES slots (id),
    seat INTEGER CHECK (seat > 0),
    resident_id {BIG} NOT NULL REFERENCES residents (id),
    status TEXT NOT NULL CHECK (status IN ('held', 'waiting', 'offered', 'confirmed', 'checked_in', 'attended',
        'no_show', 'cancelled_by_resident', 'cancelled_by_municipality', 'expired')),
    version INTEGER NOT NULL DEFAULT 1,
    topic TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '',
    companions INTEGER NOT NULL DEFAULT 0 CHECK (companions BETWEEN 0 AND 3),
    needs TEXT NOT NULL DEFAULT '[]',
    name TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    project TEXT NOT NULL DEFAULT '',
    registration TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    deadline {INSTANT},
    held_since {INSTANT},
    waiting_since {INSTANT},
    remind_at {INSTANT},
    created_at {INSTANT} NOT NULL,
    updated_at {INSTANT} NOT NULL,
    confirmed_at {INSTANT},
    CHECK (status IN ('waiting', 'cancelled_by_resident', 'cancelled_by_municipality', 'expired')
        OR (slot_id IS NOT NULL AND seat IS NOT NULL)),
    CHECK (status NOT IN ('held', 'offered') OR deadline IS NOT NULL),
    CHECK (status <> 'waiting' OR (slot_id IS NULL AND waiting_since IS NOT NULL))
) {STRICT};

CREATE UNIQUE INDEX one_live_seat ON bookings (slot_id, seat)
    WHERE status IN ('held', 'offered', 'confirmed', 'checked_in', 'attended', 'no_show');
CREATE UNIQUE INDEX one_live_booking ON bookings (session_id, resident_id)
    WHERE status IN ('held', 'waiting', 'offered', 'confirmed', 'checked_in');
CREATE INDEX bookings_of_resident ON bookings (resident_id);
CREATE INDEX bookings_of_session ON bookings (session_id);
CREATE INDEX bookings_with_deadline ON bookings (deadline) WHERE status IN ('held', 'offered');
CREATE INDEX bookings_to_remind ON bookings (remind_at) WHERE status = 'confirmed' AND remind_at IS NOT NULL;
CREATE INDEX bookings_waiting ON bookings (session_id, waiting_since) WHERE status = 'waiting';

CREATE TABLE booking_events (
    id {ID},
    booking_id {BIG} NOT NULL REFERENCES bookings (id),
    at {INSTANT} NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT ''
) {STRICT};

CREATE INDEX events_of_booking ON booking_events (booking_id);

-- Complaints, suggestions, observations, service requests.
CREATE TABLE cases (
    id {ID},
    reference TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('complaint', 'suggestion', 'observation', 'service_request')),
    category TEXT NOT NULL,
    office TEXT NOT NULL,
    resident_id {BIG} NOT NULL REFERENCES residents (id),
    status TEXT NOT NULL CHECK (status IN ('received', 'under_review', 'in_progress', 'awaiting_resident', 'referred',
        'outside_remit', 'rejected', 'duplicate', 'resolved', 'closed', 'withdrawn', 'reopened')),
    version INTEGER NOT NULL DEFAULT 1,
    words TEXT NOT NULL DEFAULT '',
    block INTEGER,
    road TEXT NOT NULL DEFAULT '',
    building TEXT NOT NULL DEFAULT '',
    latitude {REAL},
    longitude {REAL},
    anonymous {FLAG} NOT NULL DEFAULT FALSE,
    name TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    project TEXT NOT NULL DEFAULT '',
    registration TEXT NOT NULL DEFAULT '',
    owner TEXT NOT NULL DEFAULT '',
    referred_to TEXT NOT NULL DEFAULT '',
    external_reference TEXT NOT NULL DEFAULT '',
    duplicate_of {BIG} REFERENCES cases (id),
    priority INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'fixed', 'not_fixed', 'unconfirmed')),
    round INTEGER NOT NULL DEFAULT 0,
    source TEXT NOT NULL DEFAULT '',
    created_at {INSTANT} NOT NULL,
    updated_at {INSTANT} NOT NULL,
    opened_at {INSTANT} NOT NULL,
    answered_at {INSTANT},
    resolved_at {INSTANT},
    closed_at {INSTANT},
    triage_due {INSTANT} NOT NULL,
    update_due {INSTANT} NOT NULL,
    close_due {INSTANT} NOT NULL,
    paused_at {INSTANT},
    before_question TEXT,
    look_at {INSTANT},
    CHECK ((closed_at IS NOT NULL) = (status IN ('closed', 'rejected', 'outside_remit', 'duplicate', 'withdrawn'))),
    CHECK ((status = 'awaiting_resident') = (before_question IS NOT NULL)),
    CHECK ((status = 'duplicate') = (duplicate_of IS NOT NULL)),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
) {STRICT};

CREATE INDEX cases_of_resident ON cases (resident_id);
CREATE INDEX cases_of_office ON cases (office, status);
CREATE INDEX cases_nearby ON cases (category, latitude) WHERE latitude IS NOT NULL;
CREATE INDEX cases_at_road ON cases (category, block, road) WHERE block IS NOT NULL;
CREATE INDEX cases_to_look_at ON cases (look_at) WHERE look_at IS NOT NULL;

CREATE TABLE case_events (
    id {ID},
    case_id {BIG} NOT NULL REFERENCES cases (id),
    at {INSTANT} NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    public {FLAG} NOT NULL,
    words TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT ''
) {STRICT};

CREATE INDEX events_of_case ON case_events (case_id);

-- "That's mine too": residents who joined another's case.
CREATE TABLE case_followers (
    case_id {BIG} NOT NULL REFERENCES cases (id),
    resident_id {BIG} NOT NULL REFERENCES residents (id),
    joined_at {INSTANT} NOT NULL,
    PRIMARY KEY (case_id, resident_id)
) {STRICT};

CREATE INDEX followed_by_resident ON case_followers (resident_id);

-- Files people sent. `wanted` ones are still to be fetched from the channel.
CREATE TABLE files (
    id {ID},
    resident_id {BIG} REFERENCES residents (id),
    channel TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    unique_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('photo', 'voice', 'video', 'document')),
    name TEXT NOT NULL DEFAULT '',
    mime TEXT NOT NULL DEFAULT '',
    size {BIG} NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'wanted' CHECK (status IN ('wanted', 'stored', 'refused', 'gone')),
    sha256 TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before {INSTANT} NOT NULL,
    created_at {INSTANT} NOT NULL,
    CHECK ((status = 'stored') = (sha256 <> ''))
) {STRICT};

CREATE INDEX files_wanted ON files (not_before) WHERE status = 'wanted';
CREATE INDEX files_by_hash ON files (sha256) WHERE sha256 <> '';
CREATE UNIQUE INDEX one_file_of_resident ON files (resident_id, channel, unique_id);

CREATE TABLE case_files (
    case_id {BIG} NOT NULL REFERENCES cases (id),
    file_id {BIG} NOT NULL REFERENCES files (id),
    event_id {BIG} REFERENCES case_events (id),
    PRIMARY KEY (case_id, file_id)
) {STRICT};

CREATE INDEX cases_with_file ON case_files (file_id);

CREATE TABLE booking_files (
    booking_id {BIG} NOT NULL REFERENCES bookings (id),
    file_id {BIG} NOT NULL REFERENCES files (id),
    PRIMARY KEY (booking_id, file_id)
) {STRICT};

CREATE INDEX bookings_with_file ON booking_files (file_id);

-- Satisfaction, 1 to 5: once for each resolution of a case and each meeting.
CREATE TABLE ratings (
    id {ID},
    subject TEXT NOT NULL CHECK (subject IN ('case', 'booking')),
    subject_id {BIG} NOT NULL,
    round INTEGER NOT NULL DEFAULT 0,
    resident_id {BIG} NOT NULL REFERENCES residents (id),
    stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    comment TEXT NOT NULL DEFAULT '',
    at {INSTANT} NOT NULL,
    UNIQUE (subject, subject_id, round, resident_id)
) {STRICT};

-- How people found the bot: one count for each deep link, source and day.
CREATE TABLE visits (
    link TEXT NOT NULL,
    source TEXT NOT NULL,
    day {DAY} NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (link, source, day)
) {STRICT};

-- Days without Customer Day or without work, beside the offices file; an empty office means all. With `works` the
-- contrary: a holiday on which the office works.
CREATE TABLE closures (
    id {ID},
    office TEXT NOT NULL DEFAULT '',
    day {DAY} NOT NULL,
    reason_ar TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    works {FLAG} NOT NULL DEFAULT FALSE,
    actor TEXT NOT NULL,
    created_at {INSTANT} NOT NULL,
    UNIQUE (office, day)
) {STRICT};

-- What staff said of a block's municipality.
CREATE TABLE block_corrections (
    block INTEGER PRIMARY KEY,
    office TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {INSTANT} NOT NULL
) {STRICT};

CREATE TABLE audit (
    id {ID},
    at {INSTANT} NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT ''
) {STRICT};

CREATE INDEX audit_of_subject ON audit (subject);

-- Who does what only one process may do, until when.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until {INSTANT} NOT NULL
) {STRICT};
