-- Reports count promises by the day they are due.
CREATE INDEX promises_due ON promises (due, office, status);
-- Words that are still kept, the oldest first.
CREATE INDEX outcomes_worded ON meeting_outcomes (at, booking_id) WHERE words <> '' OR party_words <> '';
CREATE INDEX no_shows_worded ON no_show_reasons (at, booking_id) WHERE words <> '';
-- Why people did not come, counted by time.
CREATE INDEX no_shows_by_time ON no_show_reasons (at, reason);
