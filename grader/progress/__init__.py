"""How far a student has come: one small file, and what it says about what is next."""
