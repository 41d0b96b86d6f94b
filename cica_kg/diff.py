"""Tell what changed between two graphs."""
