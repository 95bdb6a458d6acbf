"""The coordinators' queue in a Telegram group: one truth with the console, both ways, nothing lost or said twice."""
