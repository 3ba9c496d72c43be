"""The sandbox's own API: what the page and tests tell it to do."""
