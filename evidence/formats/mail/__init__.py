"""E-mail, and what is attached to it."""
