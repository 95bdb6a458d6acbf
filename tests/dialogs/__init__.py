"""What the engine and its readers promise: transcripts, tables of phrases, properties."""
