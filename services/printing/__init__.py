"""Pages for a printer: PDF in Arabic and English, with tables and codes to scan."""
