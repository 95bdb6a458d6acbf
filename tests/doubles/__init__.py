"""The platform doubles, held to both official SDKs and, where they are at hand, to the platforms' own specifications."""
