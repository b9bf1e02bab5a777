"""python -m cnn."""

import sys

from cnn.cli import main

if __name__ == "__main__":
    sys.exit(main())
