"""QQ's exports."""
