"""Anything the bureau publishes: kinds with their required fields, publication, finding."""
