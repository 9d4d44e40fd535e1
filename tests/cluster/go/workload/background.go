package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

const accounts = "/var/run/secrets/kubernetes.io/serviceaccount/"

// background starts what the variables ask for beside the HTTP server.
func background(ready *atomic.Bool) {
	if address := env("DEPENDENCY", ""); address != "" {
		go every(2*time.Second, func() { dial(address, ready) })
	}
	if url := env("CALL", ""); url != "" {
		go every(2*time.Second, func() { call(url) })
	}
	if resource := env("KUBE_LIST", ""); resource != "" {
		go every(3*time.Second, func() { list(resource) })
	}
	if path := env("WRITE", ""); path != "" {
		go every(time.Second, func() { write(path, number("WRITE_MB", 0)) })
	}
	if rate := number("LEAK_MB", 0); rate > 0 {
		go every(time.Second, func() { leak(rate) })
	}
	if env("NOISE", "") != "" {
		go noise()
	}
	if env("PANIC_AFTER_SECONDS", "") != "" {
		time.AfterFunc(seconds("PANIC_AFTER_SECONDS"), func() {
			var totals map[string]int
			totals["EUR"]++
		})
	}
}

func every(pause time.Duration, do func()) {
	for {
		do()
		time.Sleep(pause)
	}
}

func dial(address string, ready *atomic.Bool) {
	connection, err := net.DialTimeout("tcp", address, 2*time.Second)
	if err != nil {
		failure("cannot connect to "+env("DEPENDENCY_NAME", "dependency"), "error", err.Error())
		if env("DEPENDENCY_FATAL", "") != "" {
			os.Exit(1)
		}
		return
	}
	_ = connection.Close()
	ready.Store(true)
}

func call(url string) {
	client := http.Client{Timeout: 3 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		failure("upstream call failed", "error", err.Error())
		return
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 {
		failure("upstream call failed", "url", url, "status", response.StatusCode)
		return
	}
	info("upstream call", "url", url, "status", response.StatusCode)
}

// list asks the API server for a resource of the pod's namespace, as the pod's service account.
func list(resource string) {
	token, err := os.ReadFile(accounts + "token")
	if err != nil {
		failure("no service account token", "error", err.Error())
		return
	}
	namespace, _ := os.ReadFile(accounts + "namespace")
	authority, _ := os.ReadFile(accounts + "ca.crt")
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	client := http.Client{
		Timeout:   3 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}},
	}
	url := fmt.Sprintf("https://%s/api/v1/namespaces/%s/%s", os.Getenv("KUBERNETES_SERVICE_HOST"), namespace, resource)
	request, _ := http.NewRequest(http.MethodGet, url, nil)
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	response, err := client.Do(request)
	if err != nil {
		failure("cannot list "+resource, "error", err.Error())
		return
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 2000))
	if response.StatusCode != 200 {
		failure("cannot list "+resource, "status", response.StatusCode, "response", string(body))
		return
	}
	info("listed " + resource)
}

func write(path string, megabytes int) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = file.Write(make([]byte, max(1, megabytes<<20)))
		_ = file.Close()
	}
	if err != nil {
		if env("WRITE_FATAL", "") != "" {
			fatal("cannot write "+filepath.Base(path), "error", err.Error())
		}
		failure("cannot write "+filepath.Base(path), "error", err.Error())
		return
	}
	info("wrote segment", "path", path, "megabytes", megabytes)
}

var held [][]byte

func leak(rate int) {
	piece := make([]byte, rate<<20)
	for at := range piece {
		piece[at] = 1
	}
	held = append(held, piece)
	info("session cache grew", "entries", len(held)*2048, "megabytes", len(held)*rate)
}

func burn(length time.Duration) {
	for end := time.Now().Add(length); time.Now().Before(end); {
	}
}

// noise is what a healthy service grumbles about.
func noise() {
	lines := []func(){
		func() {
			warn("slow query", "milliseconds", 812, "statement", "select * from price_history where sku = $1")
		},
		func() { warn("retrying request to tax-service", "attempt", 1, "error", "connection reset by peer") },
		func() { info("request to tax-service succeeded", "attempt", 2) },
		func() { warn("deprecated header X-Request-Start is used by a client") },
		func() {
			failure("ignoring malformed tracking pixel", "error", "invalid character 'x' looking for beginning of value")
		},
		func() { info("checkout completed", "order", 48213, "total", "31.90 EUR") },
		func() { info("checkout completed", "order", 48214, "total", "12.00 EUR") },
	}
	for at := 0; ; at++ {
		lines[at%len(lines)]()
		time.Sleep(700 * time.Millisecond)
	}
}

// crashOnce ends the first run of a container and lets the next ones live: the volume remembers.
func crashOnce() {
	path := env("CRASH_ONCE", "")
	if path == "" {
		return
	}
	if _, err := os.Stat(path); err == nil {
		return
	}
	_ = os.WriteFile(path, []byte("crashed\n"), 0o600)
	fatal("lost connection to message broker during start", "error", "read tcp: connection reset by peer")
}
