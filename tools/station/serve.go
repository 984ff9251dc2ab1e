package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"
)

// serve answers as an ordinary service does: it takes a while to start, works on every request, and on SIGTERM keeps
// answering for the linger, then takes no more connections and finishes what is in hand.
func serve(ended context.Context, args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	listen := flags.String("listen", ":8080", "address")
	start := flags.Duration("start", 2*time.Second, "from the process's start until it listens")
	work := flags.Duration("work", 20*time.Millisecond, "time that a request takes")
	linger := flags.Duration("linger", 0, "how long it goes on as before after SIGTERM")
	broken := flags.Bool("broken", false, "end with an error instead of listening")
	if err := flags.Parse(args); err != nil {
		return err
	}
	select {
	case <-time.After(*start):
	case <-ended.Done():
		return nil
	}
	if *broken {
		return errors.New("broken, as it was told to be")
	}
	host, _ := os.Hostname()
	mux := http.NewServeMux()
	mux.HandleFunc("/ready", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/", func(answer http.ResponseWriter, _ *http.Request) {
		time.Sleep(*work)
		fmt.Fprintln(answer, host)
	})
	server := &http.Server{Addr: *listen, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ended.Done():
	}
	time.Sleep(*linger)
	patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return server.Shutdown(patience)
}
