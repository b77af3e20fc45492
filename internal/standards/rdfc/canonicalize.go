package rdfc

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash/maphash"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A statement is one quad already written as an N-Quads line in the arena, with
// the places where blank node labels go. Writing it for another labelling only
// copies bytes.
type statement struct {
	start, end int
	n          int // places in use
	places     [3]slot
}

// A slot is the byte range of one blank node's label (with "_:") in the arena.
type slot struct {
	start, end int
	node       int32
	position   byte // 's', 'o' or 'g', as hashRelated wants it
}

type canonicalizer struct {
	hash   Hash
	budget *Budget

	nodes      map[string]int32 // blank nodes by the labels they were given
	arena      []byte
	statements []statement
	predicates []string  // of each statement
	mentions   [][]int32 // node -> statements that mention it, each once
	first      []string  // node -> hex first degree hash

	canonical issuer
	scratch   []byte
}

// newCanonicalizer writes every quad into the arena, drops duplicates (a dataset
// is a set) and numbers the blank nodes. Section 4.4.3, step 2.
func newCanonicalizer(quads []Quad, o Options) *canonicalizer {
	c := &canonicalizer{hash: o.Hash, budget: o.Budget}
	c.arena = make([]byte, 0, 160*len(quads))
	c.statements = make([]statement, 0, len(quads))
	c.predicates = make([]string, 0, len(quads))
	c.nodes = make(map[string]int32)
	seen := make(map[uint64]int, len(quads)) // hash of a line -> its statement
	seed := maphash.MakeSeed()

	for i := range quads {
		q := &quads[i]
		st := statement{start: len(c.arena)}
		c.term(&st, &q.Subject, 's')
		c.arena = append(c.arena, ' ')
		c.term(&st, &q.Predicate, 'p')
		c.arena = append(c.arena, ' ')
		c.term(&st, &q.Object, 'o')
		if q.Graph.Kind != 0 {
			c.arena = append(c.arena, ' ')
			c.term(&st, &q.Graph, 'g')
		}
		c.arena = append(c.arena, " .\n"...)
		st.end = len(c.arena)
		if c.duplicate(seen, seed, st) {
			c.arena = c.arena[:st.start]
			continue
		}
		c.statements = append(c.statements, st)
		c.predicates = append(c.predicates, q.Predicate.Value)
	}

	c.mentions = make([][]int32, len(c.nodes))
	for i := range c.statements {
		st := &c.statements[i]
		for k, p := range st.places[:st.n] {
			if !mentionedBefore(st.places[:k], p.node) {
				c.mentions[p.node] = append(c.mentions[p.node], int32(i))
			}
		}
	}
	c.canonical = newIssuer("c14n", len(c.nodes))
	return c
}

// duplicate tells whether the line of st is there already, and else notes it as
// the one that is added next.
func (c *canonicalizer) duplicate(seen map[uint64]int, seed maphash.Seed, st statement) bool {
	line := c.arena[st.start:st.end]
	for h := maphash.Bytes(seed, line); ; h++ {
		i, taken := seen[h]
		if !taken {
			seen[h] = len(c.statements)
			return false
		}
		if other := c.statements[i]; bytes.Equal(line, c.arena[other.start:other.end]) {
			return true
		}
	}
}

func mentionedBefore(places []slot, node int32) bool {
	return slices.ContainsFunc(places, func(p slot) bool { return p.node == node })
}

func (c *canonicalizer) term(st *statement, t *Term, position byte) {
	start := len(c.arena)
	c.arena = appendTerm(c.arena, t)
	if t.Kind != Blank {
		return
	}
	node, known := c.nodes[t.Value]
	if !known {
		node = int32(len(c.nodes))
		c.nodes[t.Value] = node
	}
	st.places[st.n] = slot{start, len(c.arena), node, position}
	st.n++
}

// labelAll gives every blank node its canonical label. Section 4.4.3, steps 3 to 5.
func (c *canonicalizer) labelAll() error {
	if err := c.budget.Spend(len(c.statements)); err != nil {
		return err
	}
	byHash := make(map[string][]int32, len(c.mentions))
	c.first = make([]string, len(c.mentions))
	for node := range c.mentions {
		h := c.hashFirstDegree(int32(node))
		c.first[node] = h
		byHash[h] = append(byHash[h], int32(node))
	}
	hashes := slices.Sorted(maps.Keys(byHash))
	for _, h := range hashes {
		if nodes := byHash[h]; len(nodes) == 1 {
			c.canonical.issue(nodes[0])
		}
	}
	for _, h := range hashes {
		if nodes := byHash[h]; len(nodes) > 1 {
			if err := c.labelShared(nodes); err != nil {
				return err
			}
		}
	}
	return nil
}

// labelShared labels nodes that share a first degree hash. Section 4.4.3, step 5.
func (c *canonicalizer) labelShared(nodes []int32) error {
	results := make([]nDegree, 0, len(nodes))
	for _, node := range nodes {
		if c.canonical.has(node) {
			continue
		}
		temporary := newIssuer("b", len(c.mentions))
		temporary.issue(node)
		r, err := c.hashNDegree(node, temporary)
		if err != nil {
			return err
		}
		r.issuer.number = nil // only the order counts from here on
		results = append(results, r)
	}
	slices.SortStableFunc(results, func(a, b nDegree) int { return strings.Compare(a.hash, b.hash) })
	for _, r := range results {
		for _, node := range r.issuer.order {
			c.canonical.issue(node)
		}
	}
	return nil
}

// hashFirstDegree is "Hash First Degree Quads", section 4.6.3.
func (c *canonicalizer) hashFirstDegree(node int32) string {
	mine := c.mentions[node]
	buf := c.scratch[:0]
	ends := make([]int, 0, 16)
	for _, i := range mine {
		st := &c.statements[i]
		buf = c.appendStatement(buf, st, func(dst []byte, n int32) []byte {
			if n == node {
				return append(dst, "_:a"...)
			}
			return append(dst, "_:z"...)
		})
		ends = append(ends, len(buf))
	}
	c.scratch = buf
	lines := cut(buf, ends)
	slices.SortFunc(lines, bytes.Compare)
	return c.sum(bytes.Join(lines, nil))
}

// serialize writes the dataset with canonical labels, or with the names that are
// given for them, sorted. Section 4.4.3, step 6.
func (c *canonicalizer) serialize(name func(canonical string) string) []byte {
	label := c.canonical.appendLabel
	if name != nil {
		label = func(dst []byte, node int32) []byte {
			return append(append(dst, "_:"...), name(string(c.canonical.appendLabel(nil, node)[len("_:"):]))...)
		}
	}
	buf := make([]byte, 0, len(c.arena)+8*len(c.statements))
	ends := make([]int, 0, len(c.statements))
	for i := range c.statements {
		buf = c.appendStatement(buf, &c.statements[i], label)
		ends = append(ends, len(buf))
	}
	lines := cut(buf, ends)
	slices.SortFunc(lines, bytes.Compare)
	return bytes.Join(lines, nil)
}

func cut(buf []byte, ends []int) [][]byte {
	lines := make([][]byte, len(ends))
	start := 0
	for i, end := range ends {
		lines[i] = buf[start:end]
		start = end
	}
	return lines
}

// appendStatement writes st with the labels that label appends ("_:" included).
func (c *canonicalizer) appendStatement(dst []byte, st *statement, label func([]byte, int32) []byte) []byte {
	at := st.start
	for _, p := range st.places[:st.n] {
		dst = append(dst, c.arena[at:p.start]...)
		dst = label(dst, p.node)
		at = p.end
	}
	return append(dst, c.arena[at:st.end]...)
}

// sum returns the lower-case hex hash of data.
func (c *canonicalizer) sum(data []byte) string {
	if c.hash == SHA384 {
		h := sha512.Sum384(data)
		return hex.EncodeToString(h[:])
	}
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// An issuer hands out labels in order: "Issue Identifier", section 4.5.2.
type issuer struct {
	prefix string
	number []int32 // node -> its number plus one; 0: none yet
	order  []int32 // nodes in the order they were labelled
}

func newIssuer(prefix string, nodes int) issuer {
	return issuer{prefix: prefix, number: make([]int32, nodes)}
}

func (s *issuer) clone() issuer {
	return issuer{s.prefix, slices.Clone(s.number), slices.Clone(s.order)}
}

func (s *issuer) has(node int32) bool { return s.number[node] != 0 }

func (s *issuer) issue(node int32) {
	if s.number[node] == 0 {
		s.order = append(s.order, node)
		s.number[node] = int32(len(s.order))
	}
}

// appendLabel writes the label of a node that has one, with "_:".
func (s *issuer) appendLabel(dst []byte, node int32) []byte {
	dst = append(dst, "_:"...)
	dst = append(dst, s.prefix...)
	return strconv.AppendInt(dst, int64(s.number[node]-1), 10)
}
