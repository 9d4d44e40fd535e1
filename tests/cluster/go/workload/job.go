package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// job does its work in steps and ends: `job NAME`. Its variables are checked first, its dependency is dialled,
// and JOB_ERROR is what its last step ends with.
func job(arguments []string) {
	name := strings.Join(arguments, " ")
	info("job started", "job", name)
	configure()
	if address := env("DEPENDENCY", ""); address != "" {
		connection, err := net.DialTimeout("tcp", address, 3*time.Second)
		if err != nil {
			fatal("cannot connect to "+env("DEPENDENCY_NAME", "dependency"), "error", err.Error())
		}
		_ = connection.Close()
	}
	for step := range number("JOB_STEPS", 3) {
		info(fmt.Sprintf("batch %d done", step+1), "rows", 5000)
		time.Sleep(300 * time.Millisecond)
	}
	if input := env("JOB_INPUT", ""); input != "" {
		if _, err := os.Stat(input); errors.Is(err, os.ErrNotExist) {
			fatal("input is missing", "error", err.Error())
		}
	}
	if message := env("JOB_ERROR", ""); message != "" {
		fatal(message)
	}
	info("job finished", "job", name)
}
