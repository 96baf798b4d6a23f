"""Write what changes in the organisation: check the right, check the rules, change rows, append to the journal."""
