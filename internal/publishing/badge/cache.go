package badge

import (
	"sync"

	"laurel/internal/publishing/site"
	"laurel/internal/standards/bake"
)

// maxCacheBytes bounds the pictures that are kept.
const maxCacheBytes = 24 << 20

// cache keeps pictures that were made, the least recently used going first.
// The zero value is empty. Its misses are made one after another: a picture may
// need a hundred megabytes while it is decoded.
type cache struct {
	mu      sync.Mutex // guards the fields below
	entries map[cacheKey]*cacheEntry
	clock   uint64 // of uses
	bytes   int

	making sync.Mutex // held while a picture is made; taken before mu
}

type cacheKey struct {
	badge site.Badge
	svg   bool
}

// made is a picture that was made, and the same checked for baking.
type made struct {
	data  []byte
	blank *bake.Blank
}

type cacheEntry struct {
	made
	used uint64
}

// get returns a picture that is kept, or else makes and keeps it. A picture
// that could not be made is not kept.
func (c *cache) get(k cacheKey, makeIt func() (made, error)) (made, error) {
	if p, ok := c.lookup(k); ok {
		return p, nil
	}
	c.making.Lock()
	defer c.making.Unlock()
	if p, ok := c.lookup(k); ok { // made while we waited
		return p, nil
	}
	p, err := makeIt()
	if err != nil {
		return made{}, err
	}
	c.keep(k, p)
	return p, nil
}

func (c *cache) lookup(k cacheKey) (made, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[k]
	if !ok {
		return made{}, false
	}
	c.clock++
	e.used = c.clock
	return e.made, true
}

func (c *cache) keep(k cacheKey, p made) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = map[cacheKey]*cacheEntry{}
	}
	c.clock++
	c.entries[k] = &cacheEntry{p, c.clock}
	c.bytes += len(p.data)
	for c.bytes > maxCacheBytes && len(c.entries) > 1 {
		c.dropOldest()
	}
}

func (c *cache) dropOldest() {
	var oldest cacheKey
	least := c.clock + 1
	for k, e := range c.entries {
		if e.used < least {
			oldest, least = k, e.used
		}
	}
	c.bytes -= len(c.entries[oldest].data)
	delete(c.entries, oldest)
}
