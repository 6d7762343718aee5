"""ZIP, TAR and gzip, with limits."""
