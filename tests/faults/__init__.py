"""Faults of the world around us: killed processes, databases that go away, platforms that misbehave."""
