package verify

import (
	"slices"
	"strings"

	"laurel/internal/standards/did"
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

// hostOf returns the host that an https URL or did:web names, for sentences; an id
// that names none is returned as it is.
func hostOf(id string) string {
	if h, ok := did.HostOf(id); ok {
		return h.String()
	}
	return id
}

// originOf returns scheme and host of an https URL. One with a user name has none.
func originOf(id string) (string, bool) {
	h, ok := did.HostOf(id)
	return "https://" + h.Name, ok && !h.User && strings.HasPrefix(id, "https://")
}
