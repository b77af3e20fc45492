package linked

import (
	"cmp"
	"encoding/xml"
	"slices"
	"time"
)

// FeedFile is the name of the feed, in the site's root.
const FeedFile = "feed.xml"

// maxEntries is how many achievements a feed has, the newest.
const maxEntries = 50

// NewAchievements is an Atom feed (RFC 4287): the achievements on offer, the newest
// first. since tells of each, by its id, since when it is; of those that it does not
// know, start stands for that. Who reads a feed tells what is new by its id.
func (s *Site) NewAchievements(since map[string]time.Time, start time.Time) ([]byte, error) {
	type link struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	type category struct {
		Term string `xml:"term,attr"`
	}
	type entry struct {
		Language   string     `xml:"xml:lang,attr"`
		ID         string     `xml:"id"`
		Title      string     `xml:"title"`
		Published  string     `xml:"published"`
		Updated    string     `xml:"updated"`
		Links      []link     `xml:"link"`
		Categories []category `xml:"category"`
		Summary    string     `xml:"summary"`
		at         time.Time
	}
	feed := struct {
		XMLName  xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Language string   `xml:"xml:lang,attr"`
		ID       string   `xml:"id"`
		Title    string   `xml:"title"`
		Updated  string   `xml:"updated"`
		Author   string   `xml:"author>name"`
		URI      string   `xml:"author>uri"`
		Links    []link   `xml:"link"`
		Entries  []entry  `xml:"entry"`
	}{Language: s.Language, ID: s.Feed, Title: s.Issuer.Name, Author: s.Issuer.Name, URI: s.URL,
		Links: []link{{"self", "application/atom+xml", s.Feed}, {"alternate", "text/html", s.URL}}}
	for _, a := range s.Achievements {
		at, ok := since[a.ID]
		if !ok {
			at = start
		}
		e := entry{Language: s.language(a.InLanguage), ID: a.ID, Title: a.Name, Published: moment(at), Updated: moment(at), Summary: a.Description, at: at,
			Links: []link{{"alternate", "text/html", a.Page}, {"related", "application/json", a.ID}}}
		for _, t := range a.Tag {
			e.Categories = append(e.Categories, category{t})
		}
		feed.Entries = append(feed.Entries, e)
	}
	slices.SortStableFunc(feed.Entries, func(x, y entry) int { return cmp.Or(y.at.Compare(x.at), cmp.Compare(x.ID, y.ID)) })
	feed.Entries = feed.Entries[:min(len(feed.Entries), maxEntries)]
	feed.Updated = moment(start)
	if len(feed.Entries) > 0 {
		feed.Updated = feed.Entries[0].Updated
	}
	return inXML(feed)
}

// moment is a day as Atom writes it, which wants a time.
func moment(t time.Time) string { return day(t) + "T00:00:00Z" }
