"""A forecast from today, as text and as JSON."""
