"""What this room reads; every answer is a contract."""
