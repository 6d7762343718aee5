"""Large, damaged and hostile XML, read as a stream."""
