package text

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Nearest is the known word that is nearest to an unknown one, or "" where none is
// near: at most a third of the letters differ, case aside.
func Nearest(word string, known []string) string {
	if near := Near(word, known, 1); len(near) > 0 {
		return near[0]
	}
	return ""
}

// Near are the n known words that are nearest to an unknown one, the nearest first, of
// those that Nearest takes for near.
func Near(word string, known []string, n int) []string {
	if len(word) > 64 {
		return nil
	}
	type distant struct {
		word     string
		distance int
	}
	var near []distant
	limit := len(word)/3 + 1
	lower := strings.ToLower(strings.TrimSpace(word))
	letters := utf8.RuneCountInString(lower)
	for _, k := range known {
		other := strings.ToLower(k)
		if n := utf8.RuneCountInString(other); n <= letters-limit || n >= letters+limit {
			continue // as many are to be inserted or deleted
		}
		d := distant{k, editDistance(lower, other)}
		if d.distance >= limit || len(near) == n && d.distance >= near[n-1].distance {
			continue
		}
		at, _ := slices.BinarySearchFunc(near, d, func(a, b distant) int { return cmp.Or(cmp.Compare(a.distance, b.distance), -1) })
		if near = slices.Insert(near, at, d); len(near) > n {
			near = near[:n]
		}
	}
	words := make([]string, len(near))
	for i, d := range near {
		words[i] = d.word
	}
	return words
}

// editDistance counts the letters to insert, delete, replace or swap with a
// neighbour to make one word of the other (optimal string alignment).
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, row := make([]int, len(y)+1), make([]int, len(y)+1)
	next := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		next[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(y)]
}
