"""What one feature tells the others: a row beside the change, read later by a job."""
