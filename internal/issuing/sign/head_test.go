package sign_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"slices"
	"testing"
	"time"

	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/sign"
	"laurel/internal/standards/tlog"
)

// checkHead holds the ledger's newest head to its events and to the key.
func checkHead(t *testing.T, d *desk) {
	t.Helper()
	log := d.State().Log()
	head, err := tlog.OpenCheckpoint(log.Checkpoint, "example.org/academy/log", []ed25519.PublicKey{d.key.Public().(ed25519.PublicKey)})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := d.Tree(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if at, err := tree.HeadAt(head.Size); err != nil || at != head || head.Size != tree.Size() || log.Size != head.Size || log.Events != 0 {
		t.Errorf("head %v was signed over a tree of %v, %v; the ledger is at %+v", head, at, err, log)
	}
}

// A run ends with a signed head of all that it and others before it appended.
func TestHead(t *testing.T) {
	d := newDesk(t)
	s := linked(3, choice...)
	d.sign(t, d.plan(t, s))
	checkHead(t, d)
	if got, want := d.State().Log().Size, int64(1+3*(1+3+1)+1); got != want { // the key, each award with its forms and capsules, the list
		t.Errorf("the log has %d leaves, not %d", got, want)
	}

	d.now = d.now.Add(time.Hour)
	award := d.State().Record("spring/knots/l0001")
	if err := d.Append(d.now, []ledger.Event{{Withdraw: &ledger.WithdrawEvent{Award: award.Award, Credential: award.Credential, Date: d.now}}}); err != nil {
		t.Fatal(err)
	}
	if got := types(slices.Concat(d.sign(t, d.plan(t, s))...)); got != "h" {
		t.Errorf("after a decision, %q is signed", got)
	}
	checkHead(t, d)
	if p := d.plan(t, s); !p.Empty() {
		t.Errorf("after the head, there is left %+v", p)
	}
}

// A run that ends before its head leaves it to the next one.
func TestHeadAfterInterruption(t *testing.T) {
	d := newDesk(t)
	s := academy(3, 0)
	p := d.plan(t, s)
	gone := errors.New("the power went")
	err := sign.Run(t.Context(), p, d.options(t), func(events []ledger.Event) error {
		if events[0].Head != nil {
			return gone
		}
		return d.Append(p.Now, events)
	})
	if !errors.Is(err, gone) {
		t.Fatalf("error is %v", err)
	}
	if got := types(slices.Concat(d.sign(t, d.plan(t, s))...)); got != "h" {
		t.Errorf("the next run signs %q", got)
	}
	checkHead(t, d)

	o := d.options(t)
	o.NextHead = func(context.Context, time.Time) (*tlog.Edge, error) { return nil, gone }
	p = d.plan(t, academy(4, 0))
	if err := sign.Run(t.Context(), p, o, func(events []ledger.Event) error { return d.Append(p.Now, events) }); !errors.Is(err, gone) {
		t.Errorf("without the ledger's tree: %v", err)
	}
}
