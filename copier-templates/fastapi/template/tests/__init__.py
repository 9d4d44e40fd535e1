"""Unit tests need nothing but Python; integration tests run the program against real servers."""
