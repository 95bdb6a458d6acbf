"""The demo's page: a made-up resident's phone beside the coordinators' console."""
