"""Who works here, what each may do, and who did what when."""
