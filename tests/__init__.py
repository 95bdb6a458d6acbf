"""The list of promises, each one kept by a test; the folders are named by what people rely on."""
