"""What chat exports have in common: clocks, media, names, notes."""
