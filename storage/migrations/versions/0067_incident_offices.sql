-- A release may be of the requests of one municipality, which is taken out of the incident: the rest goes on.
ALTER TABLE incident_news ADD COLUMN office TEXT CHECK (office IS NULL OR kind = 'release');
DROP INDEX incident_news_ending;
CREATE UNIQUE INDEX incident_news_ending ON incident_news (incident_id)
    WHERE kind <> 'update' AND office IS NULL AND taken_back_at IS NULL;
-- Of one municipality there is one release at a time.
CREATE UNIQUE INDEX incident_news_of_office ON incident_news (incident_id, office)
    WHERE office IS NOT NULL AND done_at IS NULL AND taken_back_at IS NULL
