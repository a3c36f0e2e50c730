"""Statistical offices: their services, their formats, and what their tables mean."""
