"""``python -m analyse`` is the command ``analyse``."""

from analyse.cli import main

if __name__ == "__main__":
    main()
