"""``python -m rahnuma``."""

import sys

from rahnuma.cli import main

sys.exit(main())
