-- A session on its day, once somebody has come or it was held: how often staff have acted on it, and whether it stands
-- still for a break or because the one who receives is late.
CREATE TABLE lines (
    session_id {BIG} PRIMARY KEY REFERENCES sessions (id),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    held TEXT NOT NULL DEFAULT '' CHECK (held IN ('', 'break', 'delay')),
    held_since {INSTANT},
    held_until {INSTANT},
    look_at {INSTANT}, -- when the clock compares what people see with how it stands; none once the day is over
    CHECK ((held = '') = (held_since IS NULL)),
    CHECK (held <> '' OR held_until IS NULL),
    CHECK (held <> 'delay' OR held_until IS NOT NULL)
) {STRICT};
CREATE INDEX lines_to_look_at ON lines (look_at, session_id) WHERE look_at IS NOT NULL;

-- What somebody who waits, or is still at home, was told, and what was agreed with them.
CREATE TABLE line_places (
    booking_id {BIG} PRIMARY KEY REFERENCES bookings (id),
    told_for {INSTANT}, -- when to come, where that is later than the appointment
    told_at {INSTANT},
    back_at {INSTANT}, -- they asked for more time: not called before
    more INTEGER NOT NULL DEFAULT 0 CHECK (more >= 0), -- how often they did
    placed_at {INSTANT}, -- since when they stand elsewhere than their appointment says, and why
    placed_why TEXT NOT NULL DEFAULT '' CHECK (placed_why IN ('', 'late', 'returned', 'transferred', 'put_back')),
    position INTEGER CHECK (position > 0), -- as they were told it last
    shown TEXT NOT NULL DEFAULT '', -- a digest of what their message was last made to show
    shown_at {INSTANT},
    message TEXT, -- which message of the chat it is; none until it was sent
    pushed INTEGER CHECK (pushed > 0), -- the nearest position for which their phone has rung
    CHECK ((told_for IS NULL) = (told_at IS NULL)),
    CHECK ((placed_why = '') = (placed_at IS NULL)),
    CHECK ((position IS NULL) = (shown_at IS NULL))
) {STRICT};

-- The living message with a line's buttons, one in each chat that asked for it.
CREATE TABLE line_panels (
    session_id {BIG} NOT NULL REFERENCES sessions (id),
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    resident_id {BIG} REFERENCES residents (id), -- whose private chat it is; none in the office's group
    message TEXT,
    shown TEXT NOT NULL DEFAULT '',
    asked_at {INSTANT} NOT NULL,
    PRIMARY KEY (session_id, channel, chat)
) {STRICT};
