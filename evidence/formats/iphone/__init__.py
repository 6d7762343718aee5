"""Apple's databases, property lists and typed streams."""
