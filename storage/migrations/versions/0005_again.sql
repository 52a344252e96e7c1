-- When an operator gave it back: it is taken once more, and then gone or set aside again.
ALTER TABLE parked_updates ADD COLUMN again_at {INSTANT};

CREATE INDEX parked_updates_again ON parked_updates (channel, update_id) WHERE again_at IS NOT NULL;
