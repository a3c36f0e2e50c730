"""`python -m orchestration`: the command line of Tilannekuva."""

from orchestration.cli import main

if __name__ == "__main__":
    main()
