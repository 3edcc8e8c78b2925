"""The world that a protocol runs in: virtual time, a network, disks, clients, chance.

The laws of this room:

1. Same seed and commands, same events, byte for byte: integer time, one agenda ordered by
   (time, sequence), one seeded stream of chance for each purpose, no sets, no `hash()`.
2. Every visible change is an event with a cause; events applied forwards give the next state,
   backwards the previous one.
3. A protocol is driven through `raftviz.protocols` alone.
"""
