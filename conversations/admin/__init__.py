"""What those see who administer: the menu, the audit, the privacy desk."""
