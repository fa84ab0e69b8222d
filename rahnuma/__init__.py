"""Puts the parts together: settings, the service process, the command line, the start."""
