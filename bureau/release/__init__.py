"""The gate: nothing unreviewed goes out. Reviews bound to a content hash, and the scan."""
