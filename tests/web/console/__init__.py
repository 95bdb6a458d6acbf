"""The coordinators' console over HTTP."""
