"""A real Chromium goes through the pages."""
