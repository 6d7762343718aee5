"""Pictures, sound and film: containers, names, clocks."""
