"""The platform doubles, held to both official SDKs and, where at hand, to the platforms' own specifications."""
