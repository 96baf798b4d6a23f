"""Talk with payment gateways: one adapter (`base.Gateway`), one gateway by redirect, and a simulator of its other side.

Free of Django: the clock, nonces, the HTTP transport and the simulator's store are given by the caller.
"""
