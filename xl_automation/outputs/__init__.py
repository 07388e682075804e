"""What leaves the house: JSON, the city's own appendix, reminders."""
