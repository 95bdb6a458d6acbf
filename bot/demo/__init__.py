"""The demo: made-up people on made-up platforms, everything else as in real use."""
