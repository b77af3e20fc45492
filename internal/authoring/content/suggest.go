package content

import (
	"strings"

	"laurel/internal/material/text"
)

// didYouMean is the hint that names the known word nearest to an unknown one,
// or "" where none is near.
func didYouMean(word string, known []string) string {
	best := text.Nearest(word, known)
	if best == "" {
		return ""
	}
	return `did you mean "` + best + `"?`
}

// oneOf lists words for a message: "link, public or private".
func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
