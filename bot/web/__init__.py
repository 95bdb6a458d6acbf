"""Everything that answers over HTTP, by audience."""
