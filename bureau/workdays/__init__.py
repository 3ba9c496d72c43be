"""Working days: the State Council's holidays and make-up days (调休) as a table, and counting."""
