CREATE TRIGGER configuration_changes_stay BEFORE UPDATE ON configuration_changes BEGIN
    SELECT raise(ABORT, 'configuration_changes is append-only'); END;
CREATE TRIGGER configuration_changes_are_kept BEFORE DELETE ON configuration_changes BEGIN
    SELECT raise(ABORT, 'configuration_changes is append-only'); END;
