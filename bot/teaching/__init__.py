"""The teaching loop: what people asked in vain, and what admins make of it."""
