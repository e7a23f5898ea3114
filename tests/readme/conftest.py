"""Lets the tests of the README import what draws its picture."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
