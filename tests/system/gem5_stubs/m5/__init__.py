"""Stands in for gem5's module `m5`: records what a configuration script sets, and runs nothing.

It knows no parameter by name, so that it proves what a script says and not that gem5 takes it.
"""

import json
import os

# How the simulation should end.
CAUSE = os.environ.get("GEM5_STUB_CAUSE", "user interrupt received")

instantiated = False


class options:
    """gem5's own, of which the script reads one."""

    outdir = os.environ.get("GEM5_STUB_OUT", ".")


class Event:
    def getCause(self):
        return CAUSE


def instantiate():
    global instantiated
    instantiated = True


def simulate():
    from m5.objects import Root

    assert instantiated, "simulate before instantiate"
    print("CONFIGURATION " + json.dumps(Root.last.described()))
    return Event()


def curTick():
    return 1234
