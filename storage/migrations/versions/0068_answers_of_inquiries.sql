-- The inquiry whose answer staff gave to everybody with this change.
ALTER TABLE configuration_changes ADD COLUMN case_id {BIG} REFERENCES cases (id);
CREATE INDEX configuration_changes_of_case ON configuration_changes (case_id) WHERE case_id IS NOT NULL;
