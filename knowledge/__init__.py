"""What the centre knows: sourced answers, how to find them, when to step aside for a person, and the calendar."""
