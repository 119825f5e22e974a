"""What does `python -m kg` run?"""

from kg.cli import main

if __name__ == "__main__":
    main()
