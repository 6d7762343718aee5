"""What importers are made of: one folder for each family of formats. Nothing here writes to a case."""
