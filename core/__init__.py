"""The ground floor: settings, database, Redis, clock, errors, numbering. Knows no room above it."""
