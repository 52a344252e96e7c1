CREATE FUNCTION refuse_configuration_change() RETURNS TRIGGER LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''configuration_changes is append-only''; END';
CREATE TRIGGER configuration_changes_stay BEFORE UPDATE OR DELETE ON configuration_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_configuration_change();
