"""Numbers with their nouns, as every report prints them."""


def counted(number, noun):
    """`number` with `noun` in the form that it asks for: "1 process", "1,200 processes"."""
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{ending}"
