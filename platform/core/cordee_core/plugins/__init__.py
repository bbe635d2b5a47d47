"""The plugin host: finds domain plugins, reads their manifests and content, calls their hooks."""
