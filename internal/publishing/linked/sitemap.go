package linked

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"
)

// SitemapFile is the sitemap, in the site's root, or the index of several.
const SitemapFile = "sitemap.xml"

// MaxSitemap is how many addresses one sitemap may have (sitemaps.org, "Sitemap file
// location").
const MaxSitemap = 50_000

// Location is an address with the day it last changed; zero: that is not known.
type Location struct {
	URL      string
	Modified time.Time
}

// Sitemaps are the files that name a site's pages to search engines, by name: one, or,
// of more than MaxSitemap addresses, an index of several, at root.
func Sitemaps(root string, pages []Location) (map[string][]byte, error) {
	if len(pages) <= MaxSitemap {
		b, err := sitemap("urlset", "url", pages)
		return map[string][]byte{SitemapFile: b}, err
	}
	files := map[string][]byte{}
	var index []Location
	for n := 1; len(pages) > 0; n++ {
		part := pages[:min(len(pages), MaxSitemap)]
		pages = pages[len(part):]
		name := fmt.Sprintf("sitemap-%d.xml", n)
		newest := Location{URL: root + name}
		for _, l := range part {
			if l.Modified.After(newest.Modified) {
				newest.Modified = l.Modified
			}
		}
		b, err := sitemap("urlset", "url", part)
		if err != nil {
			return nil, err
		}
		files[name], index = b, append(index, newest)
	}
	b, err := sitemap("sitemapindex", "sitemap", index)
	files[SitemapFile] = b
	return files, err
}

func sitemap(name, item string, list []Location) ([]byte, error) {
	type location struct {
		XMLName  xml.Name
		Loc      string `xml:"loc"`
		Modified string `xml:"lastmod,omitempty"`
	}
	set := struct {
		XMLName   xml.Name
		Namespace string `xml:"xmlns,attr"`
		Items     []location
	}{XMLName: xml.Name{Local: name}, Namespace: "http://www.sitemaps.org/schemas/sitemap/0.9"}
	for _, l := range list {
		set.Items = append(set.Items, location{xml.Name{Local: item}, l.URL, day(l.Modified)})
	}
	return inXML(set)
}

func inXML(v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode XML: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
