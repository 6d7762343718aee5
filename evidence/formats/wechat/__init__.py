"""WeChat's own exports and those of other programs."""
