"""Dossiers for authorities, made from reviewed findings. Holds the root command."""
