"""What a simulation and a protocol say to each other, and nothing else.

Two laws: a protocol never sees time, chance or another node, it only answers an input with
effects; and a simulation never looks inside a protocol's state, it only shows what the protocol
says of it.
"""
