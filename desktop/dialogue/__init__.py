"""Pure craft of the talk: no clock, no disk, no asyncio."""
