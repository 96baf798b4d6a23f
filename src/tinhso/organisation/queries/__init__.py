"""Read the organisation; every answer is a contract."""
