"""The house keeps its promises: tree, first sentences, names, hosts, locks, settings and the map in README."""
