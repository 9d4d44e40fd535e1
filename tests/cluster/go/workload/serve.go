package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// serve is an HTTP service with /health, /ready and /, and whatever the variables add in the background.
func serve() {
	info("starting", "version", env("VERSION", "1.0.0"), "pid", os.Getpid())
	configure()
	crashOnce()
	if wait := seconds("WARMUP_SECONDS"); wait > 0 {
		info("loading price index", "entries", 480000)
		time.Sleep(wait)
		info("price index loaded", "seconds", wait.Seconds())
	}
	var ready atomic.Bool
	ready.Store(env("READY_NEEDS_DEPENDENCY", "") == "")
	if after := seconds("READY_AFTER_SECONDS"); after > 0 {
		ready.Store(false)
		time.AfterFunc(after, func() { ready.Store(true); info("cache warmed, ready for traffic") })
	}
	background(&ready)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) { answer(w, 200, "status", "UP") })
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, r *http.Request) {
		if !ready.Load() {
			answer(w, 503, "status", "DOWN")
			return
		}
		answer(w, 200, "status", "UP")
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		burn(time.Duration(number("BURN_MS", 0)) * time.Millisecond)
		info("request", "method", r.Method, "path", r.URL.Path, "status", 200)
		answer(w, 200, "message", "hello from "+env("APP_NAME", "app"))
	})
	server := &http.Server{Addr: ":" + env("PORT", "8080"), Handler: mux}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	drained := make(chan struct{})
	go func() {
		<-ctx.Done()
		info("shutting down")
		_ = server.Shutdown(context.Background())
		close(drained)
	}()
	info("listening", "address", server.Addr)
	if err := listen(server); !errors.Is(err, http.ErrServerClosed) {
		fatal("cannot listen", "error", err.Error())
	}
	<-drained
}

func answer(w http.ResponseWriter, status int, key, value string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{key: value})
}

func listen(server *http.Server) error {
	if name := env("TLS_NAME", ""); name != "" {
		server.TLSConfig = selfSigned(name, env("TLS_EXPIRED", "") != "")
		return server.ListenAndServeTLS("", "")
	}
	return server.ListenAndServe()
}
