"""What is done to existing workbooks: issued, filled, returned, brought to another version."""
