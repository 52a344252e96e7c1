-- The sessions whose appointments' cards show the buttons of the day, and which day that was: a session may be moved.
CREATE TABLE day_cards (
    session_id {BIG} PRIMARY KEY REFERENCES sessions (id),
    day {DAY} NOT NULL
) {STRICT};
