// station is the service of the experiments (serve) and its load (load), one static program.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	modes := map[string]func(context.Context, []string) error{"serve": serve, "load": load}
	if len(os.Args) < 2 || modes[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "station: say serve or load, then --help")
		os.Exit(2)
	}
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := modes[os.Args[1]](ended, os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "station:", err)
		os.Exit(1)
	}
}
