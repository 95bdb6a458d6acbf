"""Where everything meets: the only place that speaks with the outside."""
