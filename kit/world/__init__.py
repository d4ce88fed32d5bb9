"""The invented public: people, what they write, when, and what is true of it.

Everything here is pure: the same scenario, seed and version give the same world, on
every machine. Nothing here reads the clock, the network or global randomness.
"""
