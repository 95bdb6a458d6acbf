"""The coordinators' console: the queue, a case, and what they can do about it."""
