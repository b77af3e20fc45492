// Package pool does many things of one kind at the same time.
package pool

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Each calls do for 0 to n-1, begun in that order, by so many workers, or by one
// for each core where workers is 0. Each call writes only what is its own. After
// a failure, or the end of ctx, no further one is begun; Each waits for those
// that are, and returns the error of the lowest number, else that of ctx. begun
// is told after each that was handed to a worker; nil: nobody is.
func Each(ctx context.Context, n, workers int, do func(i int) error, begun func(i int)) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	going, stop := context.WithCancel(ctx)
	defer stop()
	errs, next := make([]error, n), make(chan int)
	var failed atomic.Int64 // the lowest number that failed
	failed.Store(int64(n))
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for i := range next {
				if ctx.Err() != nil || int64(i) > failed.Load() {
					continue // it was handed over as another failed, or as ctx ended
				}
				if errs[i] = do(i); errs[i] != nil {
					lower(&failed, int64(i))
					stop()
				}
			}
		})
	}
	for i := 0; i < n && going.Err() == nil; i++ {
		next <- i
		if begun != nil {
			begun(i)
		}
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// lower sets a number to another that is lower.
func lower(to *atomic.Int64, n int64) {
	for old := to.Load(); n < old && !to.CompareAndSwap(old, n); old = to.Load() {
	}
}
