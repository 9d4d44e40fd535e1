// Command workload plays the services and jobs of the recorded cases. Its failures are real: it dials, resolves,
// allocates, writes and asks the API server, and logs what came back. Environment variables say what it does.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	command := "serve"
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	switch command {
	case "pause":
		pause()
	case "serve":
		serve()
	case "job":
		job(os.Args[2:])
	default:
		fmt.Fprintf(os.Stderr, "unknown command %q for \"workload\"\n", command)
		os.Exit(2)
	}
}

// pause holds a pod's namespaces open until it is told to stop.
func pause() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	signal.Ignore(syscall.SIGCHLD)
	<-stop
}

func env(name, otherwise string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return otherwise
}

// number is a variable's value; one that is no number ends the program as a careless service would.
func number(name string, otherwise int) int {
	text := env(name, strconv.Itoa(otherwise))
	value, err := strconv.Atoi(text)
	if err != nil {
		fatal("invalid configuration", "variable", name, "error", err.Error())
	}
	return value
}

func seconds(name string) time.Duration { return time.Duration(number(name, 0)) * time.Second }

// configure checks what a service checks first: its variables and its file.
func configure() {
	for _, name := range strings.FieldsFunc(env("REQUIRE_ENV", ""), func(r rune) bool { return r == ',' }) {
		if os.Getenv(name) == "" {
			fatal("configuration error: required environment variable " + name + " is not set")
		}
	}
	if path := env("CONFIG", ""); path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			fatal("cannot read configuration", "error", err.Error())
		}
		for at, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			key, value, found := strings.Cut(line, "=")
			if !found {
				fatal(fmt.Sprintf("cannot parse %s: line %d: expected key=value, got %q", path, at+1, line))
			}
			if strings.HasSuffix(key, ".size") || strings.HasSuffix(key, ".port") {
				if _, err := strconv.Atoi(value); err != nil {
					fatal(fmt.Sprintf("cannot parse %s: line %d: %s: %v", path, at+1, key, err))
				}
			}
		}
		info("configuration loaded", "path", path)
	}
}
