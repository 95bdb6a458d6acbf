"""What the centre knows: right answers with their sources, and the honesty to hand over."""
