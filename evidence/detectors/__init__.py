"""Checks over events: one kind per module, with every limit handed in as data. They know no law and no country."""
