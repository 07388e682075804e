"""A round worked out twice: by the program, and by SQL over the test's own table."""
