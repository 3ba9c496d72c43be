"""What a house starts with: reference data always, sample content where it is wished."""
