"""What citizens asked and what they were answered; above all what was not known."""
