"""The definitions that several files of tests share stand in modules beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
