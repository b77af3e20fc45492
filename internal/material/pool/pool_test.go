package pool

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
)

func TestEach(t *testing.T) {
	const n = 1000
	var done [n]atomic.Int32
	begun := 0
	err := Each(t.Context(), n, 0, func(i int) error { done[i].Add(1); return nil }, func(i int) {
		if i != begun {
			t.Errorf("%d is begun as number %d", i, begun)
		}
		begun++
	})
	for i := range done {
		if done[i].Load() != 1 {
			t.Errorf("%d was done %d times", i, done[i].Load())
		}
	}
	if err != nil || begun != n {
		t.Errorf("%d begun, %v", begun, err)
	}
}

// TestEachFails wants the first error by number, and no more begun than were
// under way.
func TestEachFails(t *testing.T) {
	var ran atomic.Int32
	err := Each(t.Context(), 1000, 4, func(i int) error {
		ran.Add(1)
		if i >= 7 {
			return fmt.Errorf("number %d", i)
		}
		return nil
	}, nil)
	if err == nil || err.Error() != "number 7" || ran.Load() > 16 {
		t.Errorf("%v after %d", err, ran.Load())
	}
}

// TestEachStops: what waits for the only worker when that fails is not begun.
func TestEachStops(t *testing.T) {
	for range 200 {
		waiting, ran := make(chan bool), 0
		err := Each(t.Context(), 3, 1, func(int) error {
			ran++
			<-waiting // the next one is about to be handed over
			return errors.New("full")
		}, func(i int) {
			if i == 0 {
				close(waiting)
			}
		})
		if err == nil || ran != 1 {
			t.Fatalf("%v after %d", err, ran)
		}
	}
}

func TestEachEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	ran := 0
	err := Each(ctx, 1000, 1, func(i int) error {
		if ran++; i == 3 {
			stop()
		}
		return nil
	}, nil)
	if !errors.Is(err, context.Canceled) || ran > 5 {
		t.Errorf("%v after %d", err, ran)
	}
	if err := Each(t.Context(), 0, 0, nil, nil); err != nil {
		t.Error(err)
	}
}
