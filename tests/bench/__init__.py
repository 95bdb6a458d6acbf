"""What is measured: `make bench` runs it and RESULTS.md keeps the figures."""
