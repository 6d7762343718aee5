"""One file format per module; base.py holds the protocol."""
