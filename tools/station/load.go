package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// second is what became of the requests that one target was sent in one second of the clock; a line of JSON.
type second struct {
	Target string         `json:"target"`
	Unix   int64          `json:"unix"`
	Sent   int            `json:"sent"`
	Failed int            `json:"failed"`
	Errors map[string]int `json:"errors,omitempty"`
	P50Ms  float64        `json:"p50Ms"`
	MaxMs  float64        `json:"maxMs"`
	tookMs []float64
}

// load sends requests to each NAME=URL at a constant rate, however slowly they are answered (an open loop), and writes a
// line for every target and second until SIGTERM.
func load(ended context.Context, args []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	rate := flags.Int("rate", 100, "requests a second to each target")
	timeout := flags.Duration("timeout", 3*time.Second, "a request that takes longer has failed")
	keepAlive := flags.Bool("keep-alive", false, "reuse connections; else each request opens one, and so meets the Service as it is at that moment")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("load: name targets, each as NAME=URL")
	}
	var all sync.WaitGroup
	var out sync.Mutex
	for _, arg := range flags.Args() {
		name, url, found := strings.Cut(arg, "=")
		if !found {
			return fmt.Errorf("load: %q is not NAME=URL", arg)
		}
		attacker := vegeta.NewAttacker(vegeta.Timeout(*timeout), vegeta.KeepAlive(*keepAlive), vegeta.DNSCaching(0),
			vegeta.Workers(uint64(*rate)), vegeta.MaxBody(256))
		targeter := vegeta.NewStaticTargeter(vegeta.Target{Method: "GET", URL: url})
		results := attacker.Attack(targeter, vegeta.Rate{Freq: *rate, Per: time.Second}, 0, name)
		go func() {
			<-ended.Done()
			attacker.Stop()
		}()
		all.Go(func() { write(results, name, *timeout, &out) })
	}
	all.Wait()
	return nil
}

// write sums results up by the second in which they were sent, each once nothing more of it can come.
func write(results <-chan *vegeta.Result, name string, timeout time.Duration, out *sync.Mutex) {
	open := map[int64]*second{}
	flush := func(before int64) {
		out.Lock()
		defer out.Unlock()
		for _, unix := range slices.Sorted(maps.Keys(open)) {
			if unix < before {
				json.NewEncoder(os.Stdout).Encode(open[unix].summed())
				delete(open, unix)
			}
		}
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case result, more := <-results:
			if !more {
				flush(time.Now().Unix() + 1)
				return
			}
			add(open, name, result)
		case now := <-tick.C:
			flush(now.Add(-timeout - time.Second).Unix())
		}
	}
}

func add(open map[int64]*second, name string, result *vegeta.Result) {
	unix := result.Timestamp.Unix()
	at := open[unix]
	if at == nil {
		at = &second{Target: name, Unix: unix, Errors: map[string]int{}}
		open[unix] = at
	}
	at.Sent++
	at.tookMs = append(at.tookMs, float64(result.Latency.Microseconds())/1000)
	if result.Error != "" || result.Code != 200 {
		at.Failed++
		at.Errors[kind(result)]++
	}
}

func (s *second) summed() *second {
	slices.Sort(s.tookMs)
	s.P50Ms, s.MaxMs = s.tookMs[len(s.tookMs)/2], s.tookMs[len(s.tookMs)-1]
	return s
}

// kind names a failure without the addresses in it.
func kind(result *vegeta.Result) string {
	known := []string{"connection refused", "connection reset by peer", "no route to host", "EOF", "Client.Timeout exceeded",
		"i/o timeout", "no such host", "network is unreachable", "broken pipe"}
	for _, part := range known {
		if strings.Contains(result.Error, part) {
			return part
		}
	}
	if result.Error == "" {
		return fmt.Sprint("status ", result.Code)
	}
	return result.Error
}
