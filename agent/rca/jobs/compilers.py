"""What compilers write."""

from agent.rca.jobs.rule import Rule, rule

_FIX = "Correct the code at the named line, or pin the version of what it no longer fits."

COMPILERS: tuple[Rule, ...] = (
    rule(
        "c-family",
        "compile-error",
        "The code does not compile",
        r"^\s*(?P<file>[\w./+\\-]+\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|m|mm|inl|cu|pyx|"
        r"swift)):\d+(?::\d+)?: (?:fatal )?error: ",
        0.9,
        _FIX,
        r"^\s*FAILED: |note: |ninja: build stopped|make.*: \*\*\* |\b(?P<file>[\w./+-]+\.(?:cc|cpp|c)):\d+",
    ),
    rule(
        "linker",
        "compile-error",
        "The program does not link",
        r"undefined reference to|Undefined symbols for architecture|ld: (?:symbol|library)|LNK\d{4}",
        0.88,
        "Link the library or define the named symbol.",
        r"collect2|linker command",
    ),
    rule(
        "rustc",
        "compile-error",
        "The Rust code does not compile",
        r"^error\[E\d+\]: |^error: could not compile `(?P<item>[^`]+)",
        0.9,
        _FIX,
        r"^\s*--> (?P<file>\S+?\.rs):\d+|^error: (?:could not|aborting)",
    ),
    rule(
        "javac",
        "compile-error",
        "The Java or Kotlin code does not compile",
        r"(?:^|\[ERROR\] |^e: (?:file://)?)(?P<file>\S+\.(?:java|kt|scala)):(?:\[?\d+|"
        r"\s*\(?\d+).*(?:error:|\] \S|\d \S)",
        0.9,
        _FIX,
        r"COMPILATION ERROR|symbol:|location:|Compilation failed|Execution failed for task|cannot find symbol",
    ),
    rule(
        "go-build",
        "compile-error",
        "The Go code does not compile",
        r"^(?:# |vet: )?(?P<file>[\w./-]+\.go):\d+:\d+: (?:undefined|cannot|syntax|imported|missing|too|"
        r"declared|invalid|not)",
        0.88,
        _FIX,
        r"\[build failed\]",
    ),
    rule(
        "tsc",
        "type-error",
        "The TypeScript compiler finds a type error",
        r"\b(?P<file>[\w./@-]+\.[cm]?[tj]sx?)[(:]\d+[,:]\d+\)?(?: -|:) error TS\d+",
        0.92,
        "Correct the types at the named line.",
        r"Found \d+ errors?",
    ),
    rule(
        "csharp",
        "compile-error",
        "The code does not compile",
        r"\b(?P<file>[\w./\\-]+\.(?:cs|fs|vb))\(\d+,\d+\): error \w+:",
        0.9,
        _FIX,
        r"Build FAILED",
    ),
    rule(
        "bundler",
        "compile-error",
        "The bundle does not build",
        r"Module not found: |Failed to resolve import|Could not resolve \"|RollupError|ERROR in \./",
        0.85,
        "Install or correct the import named.",
        r"\b(?P<file>[\w./-]+\.[cm]?[jt]sx?):\d+",
    ),
)
