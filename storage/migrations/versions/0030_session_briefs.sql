-- What director and team were told of a session before it began, and that its summary was told.
CREATE TABLE session_briefs (
    session_id {BIG} PRIMARY KEY REFERENCES sessions (id),
    shown TEXT NOT NULL DEFAULT '[]', -- which bookings at which times the first brief named; JSON
    first_at {INSTANT}, -- the evening before, or later where the bot stood still
    again_at {INSTANT}, -- the morning: told again where it had changed
    summed_at {INSTANT}
) {STRICT};
