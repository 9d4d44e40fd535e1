"""What test runners write when a test fails."""

from agent.rca.jobs.rule import Rule, rule

_FIX = "Run the named test locally, then correct the code or the test's expectation."
_SNAPSHOT = "Inspect the difference; update the snapshots where the new output is meant."

TESTS: tuple[Rule, ...] = (
    rule(
        "jest-snapshot",
        "test-snapshot-mismatch",
        "Snapshots differ from the output",
        r"toMatch(?:Inline|File)?Snapshot\(|toThrowErrorMatching(?:Inline)?Snapshot\(|Snapshot `.+` mismatched|"
        r"^\s*(?:› \d+ snapshots? failed|Snapshots:\s+\d+ failed)",
        0.97,
        _SNAPSHOT,
        r"^\s*FAIL\s+(?P<file>\S+\.[cm]?[jt]sx?)(?:\s+> (?P<test>\S.*))?|^\s*● (?P<test_of>\S.*)|"
        r"^(?P<test_at>\S[^>]* > \S.*)$|"
        r"Snapshot name:|^\s*[-+] \S|^\s*[-+] (?:Snapshot|Received)\s|SyntaxError|Snapshots:|^Tests: ",
    ),
    rule(
        "recorded-output",
        "test-snapshot-mismatch",
        "A recorded snapshot differs from the output",
        r"snapshot assertion for '(?P<test>[^']+)' failed|^\d+ snapshots? failed\.|Snapshot Summary",
        0.96,
        _SNAPSHOT,
        r"^Snapshot file: (?P<file>\S+)|^Source: (?P<file_of>\S+)|panicked at|^test (?P<test_of>\S+) \.\.\. FAILED|"
        r"^(?:FAILED|ERROR) (?P<test_at>\S+::\S+)",
    ),
    rule(
        "jest",
        "test-failure",
        "A test does not hold",
        r"^\s*● (?!.*Console$)(?P<test>\S.*)",
        0.95,
        _FIX,
        r"^\s*FAIL\s+(?:\w+ )?(?P<file>\S+\.[cm]?[jt]sx?)|^\s*(?:Expected|Received|expect\()|^Tests:|"
        r"^\s+at .*[(/](?P<file_at>[^()]*\.(?:test|spec)\.\w+)|^\s{4}\w*Error: ",
    ),
    rule(
        "vitest",
        "test-failure",
        "A test does not hold",
        r"^\s*(?:FAIL|[×✗✘❯])\s+(?:\|?[\w@/-]+\|?\s+)?(?P<file>\S+\.[cm]?[jt]sx?)(?:\s*>\s*(?P<test>.+))?(?<!\d\dms)$",
        0.93,
        _FIX,
        r"^\s*\S*(?:Assertion)?Error: |^\s*[-+] (?:Expected|Received)|^\s*(?:Expected|Received)\b|Test Files|^\s*❯ ",
    ),
    rule(
        "pytest",
        "test-failure",
        "pytest reports that tests do not hold",
        r"^(?:FAILED|ERROR) (?P<test>(?P<file>\S+?\.py)(?:::[^ ]+)?)",
        0.95,
        _FIX,
        r"^E   +\S|^=+ .*\b(?:failed|errors?)\b.* in |^=+ (?:ERRORS|FAILURES) =+|^_+ ERROR collecting (?P<file_of>\S+)|"
        r"^(?P<file_at>[\w./-]+\.py):\d+: \w+",
    ),
    rule(
        "unittest",
        "test-failure",
        "A unit test does not hold",
        r"^(?:FAIL|ERROR): (?P<test>\w+ \([\w.]+\))",
        0.93,
        _FIX,
        r"^[\w.]*(?:Error|Exception): |^FAILED \(|^  File \"(?P<file>[^\"]*test[^\"]*\.py)\", line",
    ),
    rule(
        "go-test",
        "test-failure",
        "A Go test does not hold",
        r"^\s*--- FAIL: (?P<test>\S+)",
        0.95,
        _FIX,
        r"^\s+(?:\S*/)?(?P<file>\w\S*_test\.go):\d+: |^FAIL\s+\S+|^panic: |Error Trace|Error:|DATA RACE|"
        r"\bexpected\s*:|\bactual\s*:",
    ),
    rule(
        "cargo-test",
        "test-failure",
        "A Rust test does not hold",
        r"^test (?P<test>\S+) \.\.\. FAILED",
        0.95,
        _FIX,
        r"panicked at (?P<file>[\w/.-]+\.rs)|^test result: FAILED|^\s+(?:left|right): ",
    ),
    rule(
        "nextest",
        "test-failure",
        "A Rust test does not hold",
        r"^\s*FAIL \[\s*[\d.]+s\]\s+(?:\([ \d/]+\)\s+)?(?P<test>.+)",
        0.94,
        _FIX,
        r"panicked at (?P<file>\S+\.rs)",
    ),
    rule(
        "surefire",
        "test-failure",
        "A JUnit test does not hold",
        r"^\[ERROR\]\s+(?P<test>[A-Za-z_$][\w$]*(?:\.[\w$]+)+)(?:\(.*?\))?(?::\d+|.*<<< (?:FAILURE|ERROR))|"
        r"^\[ERROR\]\s+(?P<tested>\w[\w$]*(?:\.[\w$]+)+) » |^\[ERROR\]\s+(?P<method>\w+)\((?P<item>[\w.$]+)\).*<<< ",
        0.95,
        _FIX,
        r"Tests run: .*(?:Failures|Errors): [1-9]|^(?:[\w.]+\.)?\w*(?:Error|Exception): |expected: ?<|"
        r"There are test failures",
    ),
    rule(
        "gradle-test",
        "test-failure",
        "A JUnit test does not hold",
        r"^(?P<test>[\w.$]+ > .+) FAILED$",
        0.95,
        _FIX,
        r"^\s+\S+(?:Error|Exception)\b.* at (?P<file>\w+\.(?:java|kt))|\d+ tests completed, \d+ failed|"
        r"There were fail",
    ),
    rule(
        "ctest",
        "test-failure",
        "A CTest test does not hold",
        r"^\s*\d+ - (?P<test>\S+) \((?:Failed|SEGFAULT|Subprocess aborted)\)",
        0.93,
        _FIX,
        r"tests passed, \d+ tests f",
    ),
    rule(
        "gtest",
        "test-failure",
        "A GoogleTest test does not hold",
        r"^\[  FAILED  \] (?P<test>\w+\.\S+)",
        0.94,
        _FIX,
        r"(?P<file>\S+\.(?:cc|cpp|cxx)):\d+: Failure|^Expected|Which is",
    ),
    rule(
        "rspec",
        "test-failure",
        "An RSpec example does not hold",
        r"^rspec '?(?P<file>\S+?\.rb)\S* # (?P<test>.+)",
        0.95,
        _FIX,
        r"^\s*(?:Failure/Error:|expected|got:)|\d+ examples?, [1-9]\d* failure",
    ),
    rule(
        "mocha",
        "test-failure",
        "A test does not hold",
        r"^\s*\d+ failing$",
        0.9,
        _FIX,
        r"^\s+\d+\) (?P<test>.+)|AssertionError|^\s+\w*Error: |^\s*[-+] ?(?:expected|actual)|"
        r"\(?(?P<file>[\w./-]*(?:test|spec|cy)[\w./-]*\.[cm]?[jt]sx?):\d+|^\s*(?P<file_at>[\w./-]+\.(?:cy|spec|"
        r"test)\.[jt]sx?):\d+",
    ),
    rule(
        "phpunit",
        "test-failure",
        "A PHPUnit test does not hold",
        r"^\d+\) (?P<test>[\w\\]+::\w+)",
        0.92,
        _FIX,
        r"Failed asserting|^(?P<file>\S+\.php):\d+|^Tests: \d+",
    ),
    rule(
        "playwright",
        "test-failure",
        "A Playwright test does not hold",
        r"^\s*\d+\) (?:\[[^\]]+\] › )?(?P<file>\S+\.[cm]?[jt]sx?):\d+:\d+ › (?P<test>.+?)[ ─]*$",
        0.96,
        _FIX,
        r"^\s*(?:Error|TimeoutError|Test timeout)\b.*|^\s*(?:Locator|Expected|Received)\b.*|^\s*\d+ (?:failed|flaky)$",
    ),
    rule(
        "node-test",
        "test-failure",
        "A test does not hold",
        r"^\s*(?:not ok \d+(?: -)?|✘ \[fail\]:|✖(?= .*ms\))) (?P<test>.+?)(?: \(\d[\d.]*ms\))?$|"
        r"^\(fail\) (?P<tested>.+?)(?: \[[\d.]+ms\])?$|"
        r"^(?P<test_at>\S.*) (?:\.\.\.|=>) .*\bFAILED\b(?! \|)",
        0.86,
        _FIX,
        r"^\s*\w*(?:Error|ERR_ASSERTION)\b|^\s*(?:expected|actual|error): |^\s*location: '(?P<file_of>[^']+?):\d+|"
        r"(?P<file>[\w./-]+\.test\.[cm]?[jt]sx?):\d+|"
        r"^(?:ℹ|#) fail [1-9]",
    ),
    rule(
        "dotnet-test",
        "test-failure",
        "A .NET test does not hold",
        r"^\s*(?:Failed|X) (?P<test>[\w.]+(?:\(.*\))?) \[[<\s\d.]+ ?\w+\]|"
        r"^\s*\[xUnit\.net [^\]]+\]\s+(?P<tested>[\w.]+(?:\(.*\))?) \[FAIL\]",
        0.95,
        _FIX,
        r"Error Message:|Assert\.\w+\(\)|^\s*(?:Expected|Actual|But was):|in (?P<file>\S+\.cs):line|^Failed!",
    ),
    rule(
        "minitest",
        "test-failure",
        "A Ruby test does not hold",
        r"^(?:Failure|Error):$",
        0.9,
        _FIX,
        r"^(?P<test>[\w:]+#\w+)(?: \[(?P<file>\S+?\.rb):\d+\])?|^\s*(?:Expected|Actual)\b|"
        r"^\d+ runs, .*[1-9]\d* (?:failures|errors)",
    ),
    rule(
        "exunit",
        "test-failure",
        "An ExUnit test does not hold",
        r"^\s+\d+\) test (?P<test>.+) \((?P<item>[\w.]+)\)$",
        0.93,
        _FIX,
        r"^\s+(?P<file>\S+_test\.exs):\d+|^\s+(?:left|right|code): |Assertion with|\d+ tests?, [1-9]\d* failure",
    ),
    rule(
        "xctest",
        "test-failure",
        "An XCTest test does not hold",
        r"error: -?\[?(?P<test>[\w.]+[. ]\w+)\]? : |^Test Case '-?\[?(?P<tested>[^']+?)\]?' failed",
        0.94,
        _FIX,
        r"^(?P<file>\S+\.swift):\d+: error",
    ),
    rule(
        "reported-failing",
        "test-failure",
        "A test does not hold",
        r"^\s*(?:• )?\[FAIL(?:ED)?\] (?P<test>\S.*)|"
        r"^\d\d:\d\d \+\d+(?: ~\d+)? -\d+: (?P<file>\S+\.dart): (?P<test_of>.+) \[E\]|"
        r"^FAIL: (?P<tested>//\S+) |^(?P<test_at>//\S+)\s+FAILED in",
        0.87,
        _FIX,
        r"(?P<file>[\w./-]+_test\.(?:go|py|cc|dart)):\d+|^\s*(?:Expected|Actual|Which)\b|^Ran \d+ of",
    ),
    rule(
        "coverage",
        "test-failure",
        "The tests cover less than is required (coverage threshold)",
        r"(?i)coverage failure: total of|Required test coverage of .* not reached|coverage threshold for .* not met|"
        r"coverage .*(?:below|under|less than) .*(?:minimum|threshold|required|fail-under)",
        0.9,
        "Cover the new code with tests, or correct the threshold.",
        r"^TOTAL |^All files|Total coverage",
    ),
    rule(
        "test-timeout",
        "timeout",
        "Tests ran out of time (timeout)",
        r"(?i)^(?:\[[\d/]+\] )?\[?(?P<item>[\w./-]*).{0,200}\btests? timeout\b(?! of)|^panic: test timed out|"
        r"Test timed out after|"
        r"^Failed: Timeout (?:>|\()|^E\s+Failed: Timeout",
        0.96,
        "Raise the time limit or find what makes the test wait.",
        r"(?i)timed? ?out|^Failed tests|^Total: |running tests:|^\s+(?P<test>Test\w+)\S* \([\dhms.]+\)$",
    ),
)
