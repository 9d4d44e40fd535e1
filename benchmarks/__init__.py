"""Speed and memory, measured as ratios against a peer or a floor in the same run. `make bench` runs all of it.

One file per row of the table, named for what it measures; each has `measure() -> Row`. Nothing here is a test: a shared
machine is too noisy for that, so figures are printed with the ratio they should reach and never fail a build.
"""
