-- What people read of an incident before its words were changed: JSON, by language; empty for ordinary news.
ALTER TABLE incident_news ADD COLUMN replaces TEXT;
