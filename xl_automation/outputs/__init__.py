"""What leaves the house: JSON, a long table, the report in Word, the city's appendix, reminders."""
