"""Working days: the State Council's holidays and make-up days as a table, and counting by it."""
