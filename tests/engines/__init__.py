"""What engines and programs that others wrote make of our workbooks."""
