"""``python -m pipeline`` is the command ``copydesk``."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
