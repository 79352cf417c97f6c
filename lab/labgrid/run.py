#!/usr/bin/python3
"""Boots hypmeter on a target of labgrid, and passes on what it says.

    lab/labgrid/run.py ENVIRONMENT [WORD ..] | ./hypmeter run --machine log:- --board BOARD --out DIR

ENVIRONMENT is a file such as qemu.yaml beside this one. Its U-Boot must find the image by the boot command
that the file names. The words are hypmeter's parameters, such as suite=quick or only=timer.
"""

import enum
import re
import sys

import attr
from labgrid import Environment, target_factory
from labgrid.strategy import Strategy, StrategyError
from pexpect import TIMEOUT

SILENCE = 300  # seconds after which nothing more is expected of a target
END = re.compile(rb'"record":"end"[^\n]*\n')


class Status(enum.Enum):
    unknown = 0
    off = 1
    uboot = 2
    measuring = 3


@target_factory.reg_driver
@attr.s(eq=False)
class BareMetalStrategy(Strategy):
    """Power, console and U-Boot; after it no shell comes."""

    bindings = {"power": "PowerProtocol", "console": "ConsoleProtocol", "uboot": "UBootDriver"}
    status = attr.ib(default=Status.unknown)
    words = attr.ib(default="suite=quick")

    def transition(self, status):
        if status == Status.off:
            self.target.activate(self.power)
            self.power.off()
        elif status == Status.uboot:
            self.transition(Status.off)
            self.target.activate(self.console)
            self.power.on()
            self.target.activate(self.uboot)
        elif status == Status.measuring:
            self.transition(Status.uboot)
            self.uboot.run_check(f"setenv bootargs {self.words}")
            self.uboot.boot("")
        else:
            raise StrategyError(f"there is no way to {status}")
        self.status = status


def pass_on(console):
    """What the console says until the target has ended. False if it fell silent before."""
    last = b""
    while not END.search(last):
        try:
            said = console.read(size=4096, timeout=SILENCE)
        except TIMEOUT:
            return False
        if not said:  # a machine that has turned itself off
            return False
        sys.stdout.buffer.write(said)
        sys.stdout.buffer.flush()
        last = last[-4096:] + said
    return True


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    target = Environment(sys.argv[1]).get_target()
    strategy = target.get_driver("BareMetalStrategy")
    if sys.argv[2:]:
        strategy.words = " ".join(sys.argv[2:])
    strategy.transition(Status.measuring)
    ended = pass_on(strategy.console)
    strategy.transition(Status.off)
    if not ended:
        sys.exit(f"{sys.argv[1]}: the target did not get to its end; it may have said nothing for {SILENCE} s")


main()
