-- Groups of offices that the bot cannot write to: it was removed, or may not write any more. What is owed there waits.
CREATE TABLE lost_chats (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    lost_at {INSTANT} NOT NULL,
    reason TEXT NOT NULL,
    told_at {INSTANT}, -- when administrators were
    PRIMARY KEY (channel, chat)
) {STRICT};
