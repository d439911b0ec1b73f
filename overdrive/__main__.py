"""`python -m overdrive ...`: the same as the `overdrive` command."""

from overdrive._launch import main

if __name__ == "__main__":
    raise SystemExit(main())
