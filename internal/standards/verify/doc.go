package verify

import (
	"slices"
	"strings"

	"laurel/internal/standards/vc"
)

func hasType(doc map[string]any, name string) bool {
	return slices.Contains(vc.Items(doc["type"]), any(name))
}

// idOf returns the id of a member that is a URL or an object.
func idOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		id, _ := v["id"].(string)
		return id
	}
	return ""
}

// textOf returns a string, or the text of a language value object: the first
// one if there are several (Verifiable Credentials Data Model v2.0, 11.1).
func textOf(v any) string {
	for _, item := range vc.Items(v) {
		switch item := item.(type) {
		case string:
			return item
		case map[string]any:
			s, _ := item["@value"].(string)
			return s
		}
	}
	return ""
}

func stringOf(doc map[string]any, name string) string {
	s, _ := doc[name].(string)
	return s
}

// hostOf returns the host that an https URL or did:web names, for sentences.
func hostOf(id string) string {
	if origin, ok := originOf(id); ok {
		return strings.TrimPrefix(origin, "https://")
	}
	if rest, ok := strings.CutPrefix(id, "did:web:"); ok {
		host, _, _ := strings.Cut(rest, ":")
		return strings.Replace(host, "%3A", ":", 1)
	}
	return id
}

// originOf returns scheme and host of an https URL.
func originOf(id string) (string, bool) {
	rest, ok := strings.CutPrefix(id, "https://")
	if !ok {
		return "", false
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return "https://" + rest, rest != ""
}
