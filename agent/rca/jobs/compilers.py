"""What compilers and bundlers write."""

from agent.rca.jobs.rule import Rule, rule

_FIX = "Correct the code at the named line, or pin the version of what it no longer fits."

COMPILERS: tuple[Rule, ...] = (
    rule(
        "c-family",
        "compile-error",
        "The code does not compile",
        r"^\s*(?:##\[error\])?(?P<file>(?:[A-Z]:)?[\w./+\\-]+\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|m|mm|inl|cu|pyx|zig|cr|ml|"
        r"hs|f90|swift)):\d+(?:[:-]\d+)*: "
        r"(?:fatal )?error: |^\s*(?P<file_of>(?:[A-Z]:)?[\w./\\ +-]+\.(?:c|cc|cpp|cxx|h|"
        r"hpp))\(\d+(?:,\d+)?\)\s?: (?:fatal )?error C\d+",
        0.9,
        _FIX,
        r"^\s*FAILED: |note: |ninja: build stopped|make.*: \*\*\* |(?<![\w./@-])(?P<file>[\w./+-]+\.(?:cc|cpp|c)):\d+",
    ),
    rule(
        "linker",
        "compile-error",
        "The program does not link",
        r"undefined reference to|Undefined symbols for architecture|\bld: (?:symbol|library|cannot find)|LNK\d{4}|"
        r"multiple definition of|"
        r"error: linking with `\w+` failed|cannot find -l(?P<item>\w+)",
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
        r"^\s*--> (?P<file>\S+?\.rs):\d+|^error: (?:could not|aborting)|^\s*\|\s+[-^]+ \S",
    ),
    rule(
        "javac",
        "compile-error",
        "The Java or Kotlin code does not compile",
        r"(?:^|\[ERROR\] |^e: (?:file://)?|^\[error\] (?:-- .*: )?)(?P<file>[^\s:]+\.(?:java|kt|kts|scala|"
        r"groovy)):(?:\[?\d+|\s*\(?\d+)"
        r"(?!.*\bwarning: ).*(?:error:|\] \S|\d:? \S)",
        0.9,
        _FIX,
        r"COMPILATION ERROR|symbol:|location:|Compilation failed|Execution failed for task|cannot find symbol|"
        r"^\[error\]\s+(?:found|required)",
    ),
    rule(
        "go-build",
        "compile-error",
        "The Go code does not compile",
        r"^(?:# |vet: )?(?:\./)?(?P<file>[\w./-]+\.go):\d+:\d+: (?!missing go\.sum|no required module|"
        r"cannot find module)"
        r"(?:undefined|cannot|syntax|imported|missing|too|declared|invalid|not|expected|undeclared|assignment|"
        r"duplicate|\w+ redeclared|"
        r"could not import|method|impossible|non-|import|found|unknown|use of|multiple|\S+ \(.*\) is not|"
        r"\S+ undefined)",
        0.88,
        _FIX,
        r"\[build failed\]|^# \S+",
    ),
    rule(
        "tsc",
        "type-error",
        "The TypeScript compiler finds a type error",
        r"(?<![\w./@-])(?P<file>[\w./@()\[\]-]+\.(?:[cm]?[tj]sx?|vue|svelte))[(:]\d+[,:]\d+\)?(?: -|:) error TS\d+|"
        r"^(?:##\[error\])?error TS\d+: |^Type error: |"
        r"^\s*TS\d{4,5}(?: \[ERROR\])?: |^error: TS\d+ \[ERROR\]",
        0.92,
        "Correct the types at the named line.",
        r"Found \d+ errors?|^(?:\./)?(?P<file>[\w./@()\[\]-]+\.[cm]?tsx?):\d+:\d+$|"
        r"^\s+at (?:file://)?(?P<file_of>\S+\.[cm]?tsx?):\d+",
    ),
    rule(
        "csharp",
        "compile-error",
        "The code does not compile",
        r"(?P<file>[\w./:\\-]+\.(?:cs|fs|vb|razor))\(\d+,\d+\): error (?!NU)\w+:|: error (?:CS|FS|BC|MSB|NETSDK)\d+:",
        0.9,
        _FIX,
        r"Build FAILED",
    ),
    rule(
        "bundler",
        "compile-error",
        "The bundle does not build",
        r"Module not found: |[Ff]ailed to resolve import|Could not resolve \"|RollupError|^ERROR in \./|^✘ \[ERROR\]|"
        r"Failed to parse source for import|is not exported by|Parse error\b.*\.[jt]sx?",
        0.85,
        "Install or correct the import named.",
        r"(?<![\w./@-])(?P<file>[\w./-]+\.(?:[cm]?[jt]sx?|vue|svelte|css|scss))\b",
    ),
    rule(
        "syntax",
        "compile-error",
        "The code does not parse",
        r"^(?:\w+Error: )?(?:PHP )?(?:Parse error|SyntaxError|IndentationError|TabError|TokenError)\b.*|"
        r"== Compilation error in file (?P<file>\S+) ==|"
        r"^Error: Error when reading '|^lib/\S+\.dart:\d+:\d+: Error:",
        0.72,
        _FIX,
        r"^\s*File \"(?P<file>[^\"]+)\", line \d+|^(?P<file_of>[\w./-]+\.(?:[cm]?jsx?|rb|php|dart)):\d+|"
        r" in (?P<file_at>\S+\.php) on line",
    ),
    rule(
        "cmake",
        "compile-error",
        "The build cannot be configured",
        r"^CMake Error(?: at (?P<file>\S*CMakeLists\.txt):\d+)?|^configure: error: |^\S*meson\.build:\d+:\d+: ERROR: ",
        0.8,
        "Correct what the configuration asks for.",
        r"^  \S.*|Configuring incomplete",
    ),
)
