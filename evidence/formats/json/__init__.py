"""Large and damaged JSON, read as a stream."""
