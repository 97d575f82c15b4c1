"""What regulations oblige: packs, and the checker that proves flows against them."""
