"""The command line: parse, call one function, print its result. One file per command; no decisions here."""
