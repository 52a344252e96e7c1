-- The documents of a session's brief vanish by themselves, or sooner where somebody in them is forgotten.
CREATE INDEX outbox_vanishing ON outbox (subject, id) WHERE delete_after IS NOT NULL AND subject <> '';
-- The panels in the private chat of somebody who is forgotten go with them.
CREATE INDEX panels_of_resident ON line_panels (resident_id) WHERE resident_id IS NOT NULL;
DELETE FROM line_panels WHERE resident_id IN (SELECT id FROM residents WHERE forgotten_at IS NOT NULL);
