// Package docs is what laurel tells its users, chapter by chapter. The chapters are
// the pages of a laurel site, which this folder is: "laurel help NAME" prints one, and
// "make docs" builds the site of all.
package docs

import (
	"embed"
	"slices"
	"strconv"
	"strings"
)

//go:embed content/pages/*.md
var pages embed.FS

// Topic is one chapter.
type Topic struct {
	Name  string // as in "laurel help NAME": the page's slug
	Title string // one line
	Text  string // CommonMark, without front matter and title; ends with one line end
	order int
}

// Topics are all chapters in the order in which they are best read.
func Topics() []Topic {
	files, err := pages.ReadDir("content/pages")
	if err != nil {
		panic(err) // it is part of the program
	}
	var all []Topic
	for _, f := range files {
		b, err := pages.ReadFile("content/pages/" + f.Name())
		if err != nil {
			panic(err)
		}
		all = append(all, parse(strings.TrimSuffix(f.Name(), ".md"), string(b)))
	}
	slices.SortFunc(all, func(a, b Topic) int { return a.order - b.order })
	return all
}

// Lookup is the chapter of a name, and whether there is one.
func Lookup(name string) (Topic, bool) {
	b, err := pages.ReadFile("content/pages/" + name + ".md")
	if err != nil {
		return Topic{}, false
	}
	return parse(name, string(b)), true
}

// parse takes a page apart. That its front matter is as content wants it is seen when
// the site is built.
func parse(name, page string) Topic {
	t := Topic{Name: name}
	front, text, _ := strings.Cut(strings.TrimPrefix(page, "---\n"), "\n---\n")
	for line := range strings.SplitSeq(front, "\n") {
		switch key, value, _ := strings.Cut(line, ": "); key {
		case "title":
			t.Title = value
		case "order":
			t.order, _ = strconv.Atoi(value)
		}
	}
	t.Text = strings.TrimSpace(text) + "\n"
	return t
}
