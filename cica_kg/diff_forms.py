"""What changed, as text, markdown and JSON."""
