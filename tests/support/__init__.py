"""What the tiers share: databases of their own and the command that empties them."""
