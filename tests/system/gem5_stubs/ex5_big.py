"""Stands in for the core model in a tree of gem5."""

from m5.objects import *


class ex5_big(ArmO3CPU):
    pass


class L1I(Cache):
    pass


class L1D(Cache):
    pass


class L2(Cache):
    pass
