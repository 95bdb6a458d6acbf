"""Broadcasts: made, agreed to, begun, carried, stopped, corrected, against both platforms in miniature."""
