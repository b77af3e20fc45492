package text

import "strings"

// Nearest is the known word that is nearest to an unknown one, or "" where none is
// near: at most a third of the letters differ, case aside.
func Nearest(word string, known []string) string {
	if len(word) > 64 {
		return ""
	}
	best, distance := "", len(word)/3+1
	lower := strings.ToLower(strings.TrimSpace(word))
	for _, k := range known {
		if d := editDistance(lower, strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	return best
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
