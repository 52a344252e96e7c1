-- A meeting by phone or video is a visit of which nobody sees anything in the hall.
ALTER TABLE session_visits ADD COLUMN remote {FLAG} NOT NULL DEFAULT FALSE;
