package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/capsule"
	"laurel/internal/standards/verify"
)

// isClaimLink tells an argument that is a claim link, or part of one, from the
// name of a file. Whoever has a claim link has the award, so none is ever
// printed, in whatever input or option it came.
func (a *app) isClaimLink(arg string) bool {
	if !model.HasClaimLink([]byte(arg)) {
		return false
	}
	_, err := os.Stat(a.env.path(arg))
	return err != nil
}

// noClaimLink refuses claim links as options of laurel verify.
func (a *app) noClaimLink(v verifying) error {
	for _, value := range slices.Concat(v.documents, v.registry, v.require, []string{v.recipient, v.policy, v.at}) {
		if a.isClaimLink(value) {
			return misuse("give the link by itself, not as the value of an option", "an option contains a claim link")
		}
	}
	return nil
}

// fromClaimLink is what the capsule of a claim link holds, where a copy of the
// site is at hand: one that --documents names, or the site folder's public/.
func (a *app) fromClaimLink(arg string, folders []string) ([]input, error) {
	link, err := model.ParseClaimLink(arg)
	if err != nil {
		return nil, misuse("copy the whole link again, and open it in a browser", "%w", err)
	}
	dirs := []string{}
	for _, dir := range folders {
		dirs = append(dirs, a.env.path(dir))
	}
	for _, dir := range append(dirs, filepath.Join(a.dir, "public")) {
		jwe, err := readInput(filepath.Join(dir, filepath.FromSlash(model.CapsulePath(link.Name))))
		if errors.Is(err, fs.ErrNotExist) || err != nil && !isFolder(dir) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("a sealed award in %s could not be read", clean(dir)) // the cause has its name
		}
		page, err := readInput(filepath.Join(dir, filepath.FromSlash(model.CapsulePagePath(link.Name))))
		if err != nil {
			page = nil // an award is judged without its page
		}
		return openCapsule(string(jwe), string(page), link.Key), nil
	}
	return nil, misuse("open it in a browser, where the award is checked, and verify the file that can be downloaded there; if you have a copy of the site: --documents public",
		"this is a claim link, which contains the key to an award, so laurel does not fetch it")
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// openCapsule is the main document of each form in a capsule. The page beside it
// says where they are in the log.
func openCapsule(jwe, page, key string) []input {
	c, err := capsule.Open(jwe, key)
	if err != nil {
		return []input{{name: "claim link", report: verify.NotRead("input-unavailable.link", "")}}
	}
	places := placesOnPage(page, key)
	list := make([]input, len(c.Credentials))
	for i, one := range c.Credentials {
		list[i] = input{name: "claim link: " + one.Variant, data: one.Documents[0].Document}
		if len(places) == len(list) && places[i] != "" {
			list[i].place = func(context.Context, string, string) ([]byte, error) { return []byte(places[i]), nil }
		}
	}
	return list
}

// placesOnPage are what a sealed page says of the place in the log of each form
// that it shows, as the claim page reads it; empty where it says nothing.
func placesOnPage(jwe, key string) (places []string) {
	page, err := capsule.OpenPage(jwe, key)
	if err != nil {
		return nil
	}
	for z := html.NewTokenizer(bytes.NewReader(page)); z.Next() != html.ErrorToken; {
		t := z.Token()
		if t.Type != html.StartTagToken || t.Data != "article" {
			continue
		}
		of := map[string]string{}
		for _, a := range t.Attr {
			of[a.Key] = a.Val
		}
		if slices.Contains(strings.Fields(of["class"]), "award") {
			places = append(places, of["data-log"])
		}
	}
	return places
}

// holdsClaimLink is the report on a text that is no credential and has a claim
// link in it, such as a message that was saved.
func holdsClaimLink(data []byte) *verify.Report {
	if len(data) > maxDocument || !model.HasClaimLink(data) {
		return nil
	}
	if _, claims := verify.Recognize(data); claims {
		return nil
	}
	return verify.NotRead("form-unsupported.link", "")
}
