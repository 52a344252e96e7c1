-- When a file became an appointment's, which may be long after it was sent; unknown of those before this.
ALTER TABLE booking_files ADD COLUMN added_at {INSTANT};
