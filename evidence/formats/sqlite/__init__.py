"""Databases of strangers, opened so that they cannot do harm."""
