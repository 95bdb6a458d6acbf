"""What the adapters read, draw and send, held against the platforms' own documents, SDKs and doubles."""
