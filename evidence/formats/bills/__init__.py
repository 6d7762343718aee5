"""Carriers' itemised bills."""
