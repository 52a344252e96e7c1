-- What a member of staff was asked to write in a chat: one prompt at a time. It lasts an hour, then a duty takes it away.
-- `held` is what they wrote there meanwhile without replying, until they say whether it is meant.
CREATE TABLE staff_prompts (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    address TEXT NOT NULL,
    mark {BIG} NOT NULL UNIQUE CHECK (mark > 0),
    topic TEXT,
    words_for TEXT NOT NULL CHECK (words_for IN ('case', 'appointment', 'outcome')),
    subject TEXT NOT NULL CHECK (subject <> ''),
    message TEXT,
    offer TEXT,
    held TEXT NOT NULL,
    quiet {FLAG} NOT NULL,
    asked_at {INSTANT} NOT NULL,
    PRIMARY KEY (channel, chat, address)
) {STRICT};

CREATE INDEX staff_prompts_asked_at ON staff_prompts (asked_at);
CREATE INDEX staff_prompts_subject ON staff_prompts (subject);
