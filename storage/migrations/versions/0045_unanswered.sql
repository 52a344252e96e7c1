-- The clock had nothing more to see to once a question was recalled. Now the team is told, some working days later.
UPDATE cases SET look_at = updated_at WHERE status = 'awaiting_resident' AND look_at IS NULL;
