-- Of an item of an album: its place among the others, and how many characters of the event's words are its caption.
ALTER TABLE staff_messages ADD COLUMN part INTEGER CHECK (part >= 0);
ALTER TABLE staff_messages ADD COLUMN length INTEGER CHECK (length >= 0 AND (part IS NULL) = (length IS NULL));
