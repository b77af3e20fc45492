package rdfc

import (
	"bytes"
	"maps"
	"slices"
)

// nDegree is what "Hash N-Degree Quads" returns for one blank node.
type nDegree struct {
	hash   string
	issuer issuer // labels given on the way, in order
}

// hashNDegree is "Hash N-Degree Quads", section 4.8.3: it tells apart blank
// nodes with equal first degree hashes by trying every order of their
// neighbours. This is the exponential part; all its work is paid from the
// budget.
func (c *canonicalizer) hashNDegree(node int32, issuer issuer) (nDegree, error) {
	// The copy of an issuer grows with the number of blank nodes: 64 of them
	// cost about as much as one quad.
	if err := c.budget.Spend(1 + len(c.mentions[node]) + len(c.mentions)/64); err != nil {
		return nDegree{}, err
	}
	groups := c.related(node, &issuer)
	var data []byte
	for _, h := range slices.Sorted(maps.Keys(groups)) {
		data = append(data, h...)
		path, chosen, err := c.shortestPath(groups[h], issuer)
		if err != nil {
			return nDegree{}, err
		}
		data = append(data, path...)
		issuer = chosen
	}
	return nDegree{c.sum(data), issuer}, nil
}

// related groups the blank nodes next to node by how they are related to it.
// Steps 2 and 3.
func (c *canonicalizer) related(node int32, issuer *issuer) map[string][]int32 {
	groups := make(map[string][]int32)
	for _, i := range c.mentions[node] {
		st := &c.statements[i]
		for _, p := range st.places[:st.n] {
			if p.node != node {
				h := c.hashRelated(p, c.predicates[i], issuer)
				groups[h] = append(groups[h], p.node)
			}
		}
	}
	return groups
}

// hashRelated is "Hash Related Blank Node", section 4.7.3.
func (c *canonicalizer) hashRelated(p slot, predicate string, issuer *issuer) string {
	buf := append(c.scratch[:0], p.position)
	if p.position != 'g' {
		buf = append(buf, '<')
		buf = append(buf, predicate...)
		buf = append(buf, '>')
	}
	switch {
	case c.canonical.has(p.node):
		buf = c.canonical.appendLabel(buf, p.node)
	case issuer.has(p.node):
		buf = issuer.appendLabel(buf, p.node)
	default:
		buf = append(buf, c.first[p.node]...)
	}
	c.scratch = buf
	return c.sum(buf)
}

// shortestPath tries every order of the related nodes and keeps the one with
// the least path. Steps 5.1 to 5.5.
func (c *canonicalizer) shortestPath(nodes []int32, start issuer) ([]byte, issuer, error) {
	var least []byte
	var chosen issuer
	order := slices.Clone(nodes)
	slices.Sort(order)
	for {
		path, issuer, err := c.path(order, start, least)
		if err != nil {
			return nil, chosen, err
		}
		if path != nil && (least == nil || bytes.Compare(path, least) < 0) {
			least, chosen = path, issuer
		}
		if !nextPermutation(order) {
			return least, chosen, nil
		}
	}
}

// path writes the path for one order of related nodes, or nil when it cannot
// beat least any more. Steps 5.4.1 to 5.4.6.
func (c *canonicalizer) path(order []int32, start issuer, least []byte) ([]byte, issuer, error) {
	if err := c.budget.Spend(1 + len(order) + len(c.mentions)/64); err != nil {
		return nil, issuer{}, err
	}
	issuer := start.clone()
	path := make([]byte, 0, 128)
	var unvisited []int32
	for _, node := range order {
		if c.canonical.has(node) {
			path = c.canonical.appendLabel(path, node)
		} else {
			if !issuer.has(node) {
				unvisited = append(unvisited, node)
				issuer.issue(node)
			}
			path = issuer.appendLabel(path, node)
		}
		if worse(path, least) {
			return nil, issuer, nil
		}
	}
	for _, node := range unvisited {
		r, err := c.hashNDegree(node, issuer)
		if err != nil {
			return nil, issuer, err
		}
		issuer = r.issuer
		path = issuer.appendLabel(path, node)
		path = append(path, '<')
		path = append(path, r.hash...)
		path = append(path, '>')
		if worse(path, least) {
			return nil, issuer, nil
		}
	}
	return path, issuer, nil
}

func worse(path, least []byte) bool {
	return least != nil && len(path) >= len(least) && bytes.Compare(path, least) > 0
}

// nextPermutation puts order into the next permutation in lexical order and
// tells whether there was one. Equal elements are not swapped with each other,
// which only leaves out repetitions.
func nextPermutation(order []int32) bool {
	i := len(order) - 2
	for i >= 0 && order[i] >= order[i+1] {
		i--
	}
	if i < 0 {
		return false
	}
	j := len(order) - 1
	for order[j] <= order[i] {
		j--
	}
	order[i], order[j] = order[j], order[i]
	slices.Reverse(order[i+1:])
	return true
}
