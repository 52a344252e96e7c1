-- The words of a search, by the message that asked for it: its further pages are found by them.
CREATE TABLE staff_searches (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    message {BIG} NOT NULL,
    words TEXT NOT NULL,
    asked_at {INSTANT} NOT NULL,
    PRIMARY KEY (channel, chat, message)
) {STRICT};
