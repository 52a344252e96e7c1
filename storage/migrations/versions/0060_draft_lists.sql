-- The message that lists what is drafted by itself, one a day for each member: it is edited where more is drafted.
CREATE TABLE draft_lists (
    resident_id {BIG} PRIMARY KEY REFERENCES residents (id) ON DELETE CASCADE,
    message TEXT NOT NULL,
    day {DAY} NOT NULL
) {STRICT};
CREATE INDEX announcements_prepared ON announcements (id) WHERE status = 'draft' AND occasion <> '';
