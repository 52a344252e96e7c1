-- What came of a meeting. A correction is another version, and so is taking one back: the newest counts.
CREATE TABLE meeting_outcomes (
    id {ID},
    booking_id {BIG} NOT NULL REFERENCES bookings (id),
    version INTEGER NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL CHECK (kind IN ('solved', 'explained', 'promised', 'referred', 'other', 'taken_back')),
    words TEXT NOT NULL DEFAULT '', -- of a promise: what was promised
    party TEXT NOT NULL DEFAULT '', -- who promised, or to whom it was referred, by its id in the offices file
    party_words TEXT NOT NULL DEFAULT '', -- the same where it was typed
    due {DAY},
    actor TEXT NOT NULL,
    at {INSTANT} NOT NULL,
    CHECK ((kind = 'promised') = (due IS NOT NULL)),
    CHECK (kind IN ('promised', 'referred') OR (party = '' AND party_words = '')),
    UNIQUE (booking_id, version)
) {STRICT};

-- What an office promised in a meeting: kept by a section of its own through a case of its own. `look_at` is when the
-- clock has something to see to: the owner's reminder, the question to the resident, their silence, a case that moved.
CREATE TABLE promises (
    id {ID},
    booking_id {BIG} NOT NULL REFERENCES bookings (id),
    case_id {BIG} NOT NULL UNIQUE REFERENCES cases (id),
    office TEXT NOT NULL,
    party TEXT NOT NULL,
    party_words TEXT NOT NULL,
    what TEXT NOT NULL,
    due {DAY} NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'done_said', 'kept', 'not_kept', 'unconfirmed', 'withdrawn')),
    version INTEGER NOT NULL DEFAULT 1,
    made_on {DAY} NOT NULL,
    reminded_at {INSTANT},
    asked_at {INSTANT},
    asked_again_at {INSTANT},
    settled_on {DAY},
    settled_by TEXT NOT NULL DEFAULT '',
    look_at {INSTANT},
    priority_used_at {INSTANT}, -- one that was not kept opens the next appointment ahead of others, once
    CHECK ((status IN ('open', 'done_said')) = (settled_on IS NULL)),
    CHECK ((settled_on IS NULL) = (settled_by = '')),
    CHECK (settled_on IS NULL OR look_at IS NULL),
    CHECK (asked_again_at IS NULL OR asked_at IS NOT NULL),
    CHECK (priority_used_at IS NULL OR status = 'not_kept')
) {STRICT};
CREATE UNIQUE INDEX promise_of_booking ON promises (booking_id) WHERE status <> 'withdrawn';
CREATE INDEX promises_of_booking ON promises (booking_id);
CREATE INDEX promises_to_look_at ON promises (look_at, id) WHERE look_at IS NOT NULL;
CREATE INDEX promises_standing ON promises (office, due, made_on) WHERE settled_on IS NULL;
CREATE INDEX promises_settled ON promises (settled_on, office, status) WHERE settled_on IS NOT NULL;

-- What a member is in the middle of recording, in one chat: it survives a restart.
CREATE TABLE outcome_drafts (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    address TEXT NOT NULL,
    booking_id {BIG} NOT NULL REFERENCES bookings (id),
    state TEXT NOT NULL,
    updated_at {INSTANT} NOT NULL,
    PRIMARY KEY (channel, chat, address)
) {STRICT};
CREATE INDEX outcome_drafts_of_booking ON outcome_drafts (booking_id);
CREATE INDEX outcome_drafts_by_age ON outcome_drafts (updated_at);

-- Why somebody did not come, as they say it when asked once.
CREATE TABLE no_show_reasons (
    booking_id {BIG} PRIMARY KEY REFERENCES bookings (id),
    reason TEXT NOT NULL CHECK (reason IN ('forgot', 'could_not', 'solved', 'not_found', 'other')),
    words TEXT NOT NULL DEFAULT '',
    at {INSTANT} NOT NULL
) {STRICT};
