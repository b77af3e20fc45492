package verify

import (
	"context"
	"sync"
)

// cache keeps what was found out under a key, each once however many ask at the
// same moment. It holds at most max units of size and starts over when they are
// used up: a thousand credentials of one issuer need few entries, a thousand
// issuers need none twice.
type cache[T any] struct {
	max  int
	size func(T) int

	mu      sync.Mutex
	entries map[string]*flight[T]
	held    int
}

type flight[T any] struct {
	done  chan struct{}
	value T
	// ok is false when the one who asked gave up; then the next asks again.
	ok bool
}

func newCache[T any](max int, size func(T) int) *cache[T] {
	return &cache[T]{max: max, size: size, entries: map[string]*flight[T]{}}
}

// get returns the value under key, made by find if it is not there. It returns
// false only when ctx is done.
func (c *cache[T]) get(ctx context.Context, key string, find func(context.Context) T) (T, bool) {
	for {
		c.mu.Lock()
		f, found := c.entries[key]
		if !found {
			f = &flight[T]{done: make(chan struct{})}
			c.entries[key] = f
			c.mu.Unlock()
			return c.lead(ctx, key, f, find)
		}
		c.mu.Unlock()
		select {
		case <-f.done:
			if f.ok {
				return f.value, true
			}
		case <-ctx.Done():
			var none T
			return none, false
		}
	}
}

func (c *cache[T]) lead(ctx context.Context, key string, f *flight[T], find func(context.Context) T) (T, bool) {
	// Whatever happens, nobody waits for ever; a panic passes on.
	defer close(f.done)
	defer func() {
		if !f.ok {
			c.mu.Lock()
			if c.entries[key] == f {
				delete(c.entries, key)
			}
			c.mu.Unlock()
		}
	}()
	f.value = find(ctx)
	if ctx.Err() != nil {
		return f.value, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f.ok = true
	if c.held += c.size(f.value); c.held > c.max {
		clear(c.entries)
		c.held = c.size(f.value)
	}
	c.entries[key] = f
	return f.value, true
}
