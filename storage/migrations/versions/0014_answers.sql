-- What was answered for an appointment beyond the columns, as JSON: the name of a field of the form → the answer.
ALTER TABLE bookings ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';
