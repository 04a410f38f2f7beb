"""试算: what the months gone by would have looked like under another rulebook. Nothing is written to the ledger."""
