"""The synthetic phone of `dunlog demo`: an invented story, and the files it would have left on a phone."""
