package main

import (
	"context"
	"log"
	"log/slog"
	"os"
)

var logger = newLogger()

// newLogger writes as LOG_FORMAT says: json, logfmt or plain.
func newLogger() *slog.Logger {
	switch env("LOG_FORMAT", "json") {
	case "logfmt":
		return slog.New(slog.NewTextHandler(os.Stdout, nil))
	case "plain":
		log.SetOutput(os.Stdout)
		log.SetFlags(log.LstdFlags | log.LUTC | log.Lmicroseconds)
		return slog.Default()
	}
	return slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", env("APP_NAME", "app"))
}

func info(message string, fields ...any)    { logger.Info(message, fields...) }
func warn(message string, fields ...any)    { logger.Warn(message, fields...) }
func failure(message string, fields ...any) { logger.Error(message, fields...) }

func fatal(message string, fields ...any) {
	logger.Log(context.Background(), slog.LevelError, message, fields...)
	os.Exit(1)
}
