"""The desk of settings: what the centre changes by itself, each part with its versions and a way back."""
