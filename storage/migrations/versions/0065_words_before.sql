-- Of what was added: how many characters the description had before, which are left when it is taken back.
ALTER TABLE booking_events ADD COLUMN words_before INTEGER CHECK (words_before >= 0);
