package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/publishing/site"
)

// maxThemeFile is the largest file a theme may hold: 4 MiB, far above any
// template, script or font, and far below what would fill memory.
const maxThemeFile = 4 << 20

// theme is the effective content of the default theme with others laid over it,
// file by file; string tables are laid over word by word.
type theme struct {
	name      string
	own       bool                         // the custom theme has files
	templates map[string]string            // "award.html", "parts/head.html" -> text
	words     map[string]map[string]string // lower-case language tag -> key -> text
	assets    []site.AssetFile             // sorted by path
	file      map[string][]byte            // name in file/ -> what is not published
	published map[string]publishedAsset    // name in assets/ -> where it is
	digest    [32]byte
	said      sync.Map // language tag -> words
}

type publishedAsset struct {
	href      string // relative to the site's root
	integrity string // Subresource Integrity, "sha256-…"
}

// readTheme reads the folders templates, assets, file and strings of layers, any of
// which may be nil, and of the last one's fonts only what they digest to.
// Other files in a theme's folder (a README, sources of a script) are none of
// its business.
func readTheme(name string, look Look, layers ...fs.FS) (*theme, error) {
	files := look.frames()
	files["assets/"+tokensName] = look.tokens()
	words := map[string]map[string]string{}
	own := false
	for i, layer := range layers {
		if layer == nil {
			continue
		}
		read, err := readLayer(layer)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		own = own || i == len(layers)-1 && len(read) > 0
		for _, p := range slices.Sorted(maps.Keys(read)) {
			if !strings.HasPrefix(p, "strings/") {
				files[p] = read[p]
				continue
			}
			if err := mergeWords(words, p, read[p]); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	t := &theme{name: name, own: own, templates: map[string]string{}, words: words, file: map[string][]byte{}, published: map[string]publishedAsset{}}
	assets := map[string][]byte{}
	for p, data := range files {
		if rest, ok := strings.CutPrefix(p, "templates/"); ok {
			t.templates[rest] = string(data)
		} else if rest, ok := strings.CutPrefix(p, "file/"); ok {
			t.file[rest] = data
		} else {
			assets[strings.TrimPrefix(p, "assets/")] = data
		}
	}
	if err := joinStyles(assets); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := t.addVerdicts(assets); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t.publishAssets(assets)
	if err := addFonts(files, layers[len(layers)-1]); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t.digest = digestOf(files, words)
	return t, nil
}

// The style sheet that every page has, and the name of one that a theme adds to it.
const (
	styleName = "style.css"
	extraName = "extra.css"
)

// joinStyles puts the style sheets that others import by a bare name, one a line at
// their beginning, in the place of that line, so that a page asks for one file and
// a theme can replace each part; extra.css comes last. What was imported is not published
// by itself. It
// returns an error that names file and line where an imported file is missing, or
// imports in its turn.
func joinStyles(assets map[string][]byte) error {
	line := regexp.MustCompile(`(?m)^@import "([^"/]+\.css)";$`)
	joined, parts := map[string][]byte{}, map[string]bool{}
	for name, data := range assets {
		if path.Ext(name) != ".css" || !line.Match(data) {
			continue
		}
		var out []byte
		end := 0
		for _, at := range line.FindAllSubmatchIndex(data, -1) {
			part := path.Join(path.Dir(name), string(data[at[2]:at[3]]))
			text, ok := assets[part]
			if !ok || line.Match(text) {
				why := "there is no such file beside it"
				if ok {
					why = "that file imports others itself; name them here"
				}
				return fmt.Errorf("assets/%s:%d: %s: %s", name, lineAt(data, int64(at[0])), data[at[0]:at[1]], why)
			}
			out = append(append(out, data[end:at[0]]...), bytes.TrimRight(text, "\n")...)
			end, parts[part] = at[1], true
		}
		joined[name] = append(out, data[end:]...)
	}
	maps.Copy(assets, joined)
	if extra, ok := assets[extraName]; ok {
		assets[styleName] = slices.Concat(assets[styleName], []byte("\n"), extra)
		parts[extraName] = true
	}
	maps.DeleteFunc(assets, func(name string, _ []byte) bool { return parts[name] })
	return nil
}

// verdictsName is the name in assets/ of a language's words of verdicts.
func verdictsName(language string) string { return "verdicts-" + language + ".js" }

// addVerdicts adds the words of verdicts in each language whose table has some: a
// script that puts them where words.ts looks for them. Pages load
// it when there may be a verdict to tell, and browsers keep it.
func (t *theme) addVerdicts(assets map[string][]byte) error {
	for language, table := range t.words {
		if len(words{text: table}.verdicts()) == 0 {
			continue
		}
		b, err := json.Marshal(t.wordsFor(language).verdicts(), json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("strings/%s.json: %w", language, err)
		}
		assets[verdictsName(language)] = slices.Concat([]byte("globalThis.laurelVerdicts = "), b, []byte(";\n"))
	}
	return nil
}

// inLanguage is the name in assets/ of what there is once a language, for a BCP 47
// tag.
func (t *theme) inLanguage(name func(string) string, tag string) string {
	found := name(fallback)
	for _, language := range chain(tag) {
		if _, ok := t.published[name(language)]; ok {
			found = name(language)
		}
	}
	return found
}

// ThemeFolders are the folders of a theme whose files are read when the site is built;
// beside them it may have fonts.
var ThemeFolders = []string{"templates", "assets", "file", "strings"}

// readLayer reads one theme's files, keyed by their path in the theme. Only
// regular files count; a link or device is an error, a dotfile is left out.
func readLayer(layer fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, folder := range ThemeFolders {
		err := eachFile(layer, folder, ".", func(p string) (err error) {
			switch ext := path.Ext(p); {
			case folder == "templates" && ext != ".html":
				return fmt.Errorf("%s: a template's name ends in .html", p)
			case folder == "strings" && ext != ".json":
				return fmt.Errorf("%s: a string table's name ends in .json", p)
			}
			files[p], err = readThemeFile(layer, p)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// addFonts adds the digests of a theme's fonts to its files. The fonts themselves
// are read when something is written in them.
func addFonts(files map[string][]byte, theme fs.FS) error {
	if theme == nil {
		return nil
	}
	return eachFile(theme, "fonts", "/", func(p string) error {
		f, err := theme.Open(p)
		if err != nil {
			return err
		}
		defer f.Close()
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		files[p] = sum.Sum(nil)
		return nil
	})
}

// eachFile hands out the files of a folder of a theme, which need not be there,
// and of those below it: regular ones, as anything else is an error, and none
// whose name, or whose folder's, begins with but.
func eachFile(theme fs.FS, folder, but string, do func(p string) error) error {
	return fs.WalkDir(theme, folder, func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && p == folder:
			return nil
		case err != nil:
			return err
		case strings.HasPrefix(path.Base(p), but) && d.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(path.Base(p), but), d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s: not a regular file", p)
		}
		return do(p)
	})
}

func readThemeFile(layer fs.FS, p string) ([]byte, error) {
	f, err := layer.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxThemeFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p, err)
	}
	if len(data) > maxThemeFile {
		return nil, fmt.Errorf("%s: larger than %d bytes", p, maxThemeFile)
	}
	return data, nil
}

// mergeWords lays a table over what is known of its language, which is the file's
// name: a flat JSON object of strings, or, for words that count, of objects with the
// string for each form that the language has, by the CLDR's names: zero, one, two,
// few, many and other.
func mergeWords(words map[string]map[string]string, p string, data []byte) error {
	table, err := readTable(data)
	if err != nil {
		var syntax *jsontext.SyntacticError
		var semantic *json.SemanticError
		offset := int64(0)
		if errors.As(err, &syntax) {
			offset = syntax.ByteOffset
		} else if errors.As(err, &semantic) {
			offset = semantic.ByteOffset
		} else if word := new(wordError); errors.As(err, &word) {
			offset = int64(max(0, bytes.Index(data, fmt.Appendf(nil, "%q", word.key))))
		}
		return fmt.Errorf("%s:%d: not a flat object of strings, or of their forms: %v", p, lineAt(data, offset), err)
	}
	language := strings.ToLower(strings.TrimSuffix(path.Base(p), ".json"))
	if words[language] == nil {
		words[language] = map[string]string{}
	}
	layTable(words[language], table)
	return nil
}

// wordError is a mistake in one word of a table.
type wordError struct{ key, text string }

func (e *wordError) Error() string { return fmt.Sprintf("%q: %s", e.key, e.text) }

// readTable reads a table of words.
func readTable(data []byte) (map[string]string, error) {
	var all map[string]jsontext.Value
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	table := make(map[string]string, len(all))
	for key, value := range all {
		if strings.Contains(key, "#") {
			return nil, &wordError{key, "a key has no #"}
		}
		var text string
		var several map[string]string
		if json.Unmarshal(value, &text) == nil {
			table[key] = text
		} else if json.Unmarshal(value, &several) != nil || several["other"] == "" {
			return nil, &wordError{key, "is neither a string nor an object of the forms of one, with other"}
		}
		for form, text := range several {
			if !slices.Contains(slices.Collect(maps.Values(forms)), form) {
				return nil, &wordError{key, fmt.Sprintf("%q is no form; they are zero, one, two, few, many and other", form)}
			}
			table[formKey(key, form)] = text
		}
	}
	return table, nil
}

func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n"))
}

// publishAssets gives every asset its fingerprinted name, CSS last, since CSS
// names other assets in url(…) and has to name them as published.
func (t *theme) publishAssets(assets map[string][]byte) {
	names := slices.Sorted(maps.Keys(assets))
	sort.SliceStable(names, func(i, j int) bool { return path.Ext(names[i]) != ".css" && path.Ext(names[j]) == ".css" })
	for _, name := range names {
		data := assets[name]
		if path.Ext(name) == ".css" {
			data = t.fingerprintURLs(name, data)
		}
		t.publish(name, data)
	}
}

// publish gives an asset the name that it is published under.
func (t *theme) publish(name string, data []byte) {
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	href := "assets/" + strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:4]) + ext
	asset := site.AssetFile{Path: href, Bytes: data}
	for language := range t.words {
		if name == verdictsName(language) || name == kitName(language) {
			asset.Language = language
		}
	}
	t.assets = append(t.assets, asset)
	t.published[name] = publishedAsset{href, "sha256-" + base64.StdEncoding.EncodeToString(sum[:])}
	sort.Slice(t.assets, func(i, j int) bool { return t.assets[i].Path < t.assets[j].Path })
}

func (t *theme) fingerprintURLs(name string, css []byte) []byte {
	reference := regexp.MustCompile(`url\(\s*["']?([^"')\s]+)["']?\s*\)`)
	return reference.ReplaceAllFunc(css, func(match []byte) []byte {
		target := path.Join(path.Dir(name), string(reference.FindSubmatch(match)[1]))
		asset, ok := t.published[target]
		if !ok {
			return match
		}
		up := strings.Repeat("../", strings.Count(name, "/"))
		return []byte(`url("` + up + strings.TrimPrefix(asset.href, "assets/") + `")`)
	})
}

// digestOf hashes length-prefixed names and contents in sorted order, so that
// no two themes share an encoding.
func digestOf(files map[string][]byte, words map[string]map[string]string) [32]byte {
	h := sha256.New()
	write := func(name, data string) { fmt.Fprintf(h, "%d:%s%d:%s", len(name), name, len(data), data) }
	for _, p := range slices.Sorted(maps.Keys(files)) {
		write(p, string(files[p]))
	}
	for _, language := range slices.Sorted(maps.Keys(words)) {
		write("strings/"+language, "")
		for _, key := range slices.Sorted(maps.Keys(words[language])) {
			write(key, words[language][key])
		}
	}
	return [32]byte(h.Sum(nil))
}
