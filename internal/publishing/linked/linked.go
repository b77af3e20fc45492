// Package linked says in linked data what a site offers: in schema.org's words for
// search engines, in CTDL, the Credential Transparency Description Language, for
// registers of credentials, and as a catalogue with a context of its own. It is pure:
// definitions and addresses come in, JSON-LD goes out. It knows of no award but what
// the page of a public one shows, and of that not whose it is: a machine that may know
// reads the signed credential, which it is led to.
package linked

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"laurel/internal/standards/vc"
)

// Node is a node object of JSON-LD, or a document. Its JSON has the keys sorted.
type Node map[string]any

// node is a node object of a type with some properties, given as a name and a value
// each. Those without a value are left out.
func node(kind string, properties ...any) Node {
	n := Node{"@type": kind}
	n.add(properties...)
	return n
}

func (n Node) add(properties ...any) {
	for i := 0; i < len(properties); i += 2 {
		if v := reflect.ValueOf(properties[i+1]); v.IsValid() && !v.IsZero() && !(v.Kind() == reflect.Slice && v.Len() == 0) {
			n[properties[i].(string)] = properties[i+1]
		}
	}
}

// ref names a node that is described elsewhere.
func ref(id string) Node { return Node{"@id": id} }

// each makes nodes of a list; nil of none.
func each[T any](list []T, f func(T) Node) []Node {
	var nodes []Node
	for _, v := range list {
		if n := f(v); n != nil {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// Site is what a site offers.
type Site struct {
	URL      string // absolute, ending in a slash
	DID      string // of the issuer
	Issuer   vc.Profile
	Language string // BCP 47, of the issuer's own words
	Feed     string // absolute URL of the feed; empty: there is none

	Achievements []Achievement // on offer, in the site's order
	Programs     []Program
}

// Achievement is one on offer, with its page.
type Achievement struct {
	vc.Achievement
	Page      string    // absolute URL
	ValidFor  string    // ISO 8601 duration; empty: awards do not expire
	Published time.Time // the day since which it is offered; zero: not said
}

// Program is a course of achievements, with its page.
type Program struct {
	Page, Name, Description, Language, Image string
	Achievements                             []string // their ids
	Credits                                  float64  // that complete it; 0: not said
}

// achievement is the one with that id; nil: it is not on offer.
func (s *Site) achievement(id string) *Achievement {
	if i := slices.IndexFunc(s.Achievements, func(a Achievement) bool { return a.ID == id }); i >= 0 {
		return &s.Achievements[i]
	}
	return nil
}

// language is that of a text which says it is in tag; empty: the site's.
func (s *Site) language(tag string) string {
	if tag == "" {
		return s.Language
	}
	return tag
}

// own is a term that an author made, or one of the standard, without its prefix.
func own(term string) string { return term[strings.LastIndexByte(term, ':')+1:] }

// kind is what an alignment leads to.
type kind int

// The kinds of alignments. Rest are other credentials, rubrics and what else there is.
const (
	skill kind = iota
	occupation
	level
	rest
)

// kindOf tells a competency from an occupation, a level of a framework of
// qualifications, and the rest, by the type of the alignment, which is extensible.
func kindOf(a vc.Alignment) kind {
	switch t := own(a.TargetType); {
	case a.TargetType == "ceterms:Credential", strings.HasPrefix(t, "CFRubric"):
		return rest
	case strings.Contains(t, "Occupation"), strings.HasSuffix(t, "Job"):
		return occupation
	case IsLevel(a):
		return level
	}
	return skill
}

// IsLevel tells an alignment with a level, such as one of the type ext:EQFLevel, from
// one with a skill.
func IsLevel(a vc.Alignment) bool {
	return strings.HasPrefix(a.TargetType, "ext:") && strings.HasSuffix(a.TargetType, "Level")
}

// of are the alignments of some kinds.
func of(list []vc.Alignment, kinds ...kind) []vc.Alignment {
	return slices.DeleteFunc(slices.Clone(list), func(a vc.Alignment) bool { return !slices.Contains(kinds, kindOf(a)) })
}

// day is a date as schema.org and CTDL write it; empty: there is none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
