package badge

import (
	"slices"
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
	entries map[cacheKey]made
	order   []cacheKey // the least recently used first
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
	p, ok := c.entries[k]
	if ok {
		c.order = append(slices.DeleteFunc(c.order, func(other cacheKey) bool { return other == k }), k)
	}
	return p, ok
}

func (c *cache) keep(k cacheKey, p made) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = map[cacheKey]made{}
	}
	c.entries[k], c.order = p, append(c.order, k)
	c.bytes += len(p.data)
	for c.bytes > maxCacheBytes && len(c.order) > 1 {
		c.bytes -= len(c.entries[c.order[0]].data)
		delete(c.entries, c.order[0])
		c.order = slices.Delete(c.order, 0, 1)
	}
}
