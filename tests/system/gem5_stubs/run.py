#!/usr/bin/env python3
"""Runs a configuration script as gem5 does, with the module in this folder in place of gem5's own."""

import os
import runpy
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__m5_main__")
